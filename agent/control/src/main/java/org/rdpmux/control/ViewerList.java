// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/** The clients that see a console. */
public record ViewerList(List<ViewerReport> viewers) {
    public ViewerList {
        viewers = List.copyOf(viewers);
    }
}
