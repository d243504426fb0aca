#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# desktop-clients.sh
#
# Installs Remmina and GNOME Connections, and compares what their windows show with the guest's screen, pixel for pixel: Remmina
# at each of its colour depths, with the graphics pipeline and without, through changes of size; Connections, which scales, with
# a guest of its window's size. Screenshots are in testing/it/target/desktop-clients. As root.
# Debian: what test.sh installs
set -eu
cd "$(dirname "$0")/.."
apt-get install -y --no-install-recommends remmina remmina-plugin-rdp gnome-connections dbus libglib2.0-bin >/dev/null
timeout 1500 mvn "${MVN_ARGS:--o}" -q -pl testing/it -am verify -Dspotless.check.skip -Dcheckstyle.skip -DskipITs=false \
  -Dtests.excluded=none -Dit.test=DesktopClients -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfailsafe.failIfNoSpecifiedTests=false
echo "all shown exactly"
