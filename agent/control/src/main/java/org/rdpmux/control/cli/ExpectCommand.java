// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Request;
import org.rdpmux.control.ScreenReport;
import org.rdpmux.control.Screenshot;
import org.rdpmux.control.cli.ScreenImage.ScreenRegion;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rdpmuxctl expect}. */
@Command(
        name = "expect",
        description = {
            "Waits until a guest's screen changes, settles, or shows an image: for scripts.",
            "Nothing is done while the screen stays as it is. The exit status is 1 if the time is over before."
        })
final class ExpectCommand extends Rdpmuxctl.Base {

    private static final int MOST_SECONDS = 3600;
    private static final int MOST_TOLERANCE = 255;

    @Parameters(paramLabel = "CONSOLE", description = "Name, UUID, VMID or port.")
    private String console;

    @ArgGroup(multiplicity = "1")
    private Wanted wanted;

    /** One of these. */
    private static final class Wanted {
        @Option(names = "--changed", description = "Another screen than when the command was given.")
        private boolean changed;

        @Option(names = "--settled", paramLabel = "MS", description = "A screen that has not changed for so long.")
        private Integer settled;

        @Option(
                names = "--image",
                paramLabel = "FILE",
                description =
                        "A screen that shows this image, such as one that 'screenshot' made. Its transparent pixels"
                                + " match anything.")
        private Path image;
    }

    @Option(
            names = "--region",
            paramLabel = "X,Y,W,H",
            description =
                    "The part of the screen that counts, in pixels. The image is as large as the part, or is one of"
                            + " the whole screen. Default: all of it.")
    private String regionText;

    @Option(
            names = "--tolerance",
            paramLabel = "N",
            description =
                    "By how much each of a pixel's red, green and blue may differ from the image's, of 255. Default: 0.")
    private int tolerance;

    @Option(
            names = "--timeout",
            required = true,
            paramLabel = "S",
            description = "How many seconds to wait, at most 3600.")
    private int seconds;

    @Option(
            names = "--screenshot-on-failure",
            paramLabel = "FILE",
            description = "Where to write what the screen shows instead if the time is over.")
    private Path failure;

    private ScreenRegion region = ScreenRegion.ALL;
    private long end;
    /** Of the image, what differs on the screen. */
    private String difference = "";

    @Override
    public Integer call() throws IOException {
        check();
        ScreenImage image = wanted.image == null ? null : image();
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (ControlClient client = agent().connect()) {
            boolean came = image == null ? awaitChange(client) : awaitImage(client, image);
            if (came) {
                return 0;
            }
            if (failure != null) {
                ScreenshotCommand.write(
                        failure,
                        client.screenshot(new Request.TakeScreenshot(console)).png());
            }
        }
        spec.commandLine()
                .getErr()
                .println("rdpmuxctl: what was expected of " + Table.printable(console) + " has not come within "
                        + seconds + " s" + difference);
        return Rdpmuxctl.REFUSED;
    }

    private void check() {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw usage("--timeout is 1 to " + MOST_SECONDS + " seconds.");
        }
        if (tolerance < 0 || tolerance > MOST_TOLERANCE) {
            throw usage("--tolerance is 0 to " + MOST_TOLERANCE + ".");
        }
        if (wanted.settled != null && (wanted.settled < 1 || wanted.settled > TimeUnit.SECONDS.toMillis(seconds))) {
            throw usage("--settled is 1 ms to the --timeout.");
        }
        try {
            region = regionText == null ? ScreenRegion.ALL : ScreenRegion.parse(regionText);
        } catch (IllegalArgumentException e) {
            throw usage("--region: " + e.getMessage() + ".");
        }
    }

    private ScreenImage image() {
        ScreenImage image;
        try {
            image = ScreenImage.read(wanted.image);
        } catch (IOException e) {
            throw usage("--image: " + e.getMessage() + ".");
        }
        if (region.equals(ScreenRegion.ALL) || image.width() == region.width() && image.height() == region.height()) {
            return image;
        }
        if (!region.isWithin(image.width(), image.height())) {
            throw usage("--region is not inside the image, nor as large as it.");
        }
        return image.part(region);
    }

    private boolean awaitChange(ControlClient client) throws IOException {
        long after = wanted.changed ? await(client, 0, ScreenRegion.ALL, 0, 0).version() : 0;
        int settle = wanted.changed ? 0 : wanted.settled;
        return await(client, after, region, settle, secondsLeft()).waited();
    }

    /** Looks at the part only after it has changed. */
    private boolean awaitImage(ControlClient client, ScreenImage image) throws IOException {
        ScreenReport screen = await(client, 0, ScreenRegion.ALL, 0, secondsLeft());
        while (screen.waited()) {
            boolean fits = region.isWithin(screen.width(), screen.height());
            long known = screen.version();
            difference = ": the screen is " + screen.width() + "x" + screen.height();
            if (fits) {
                Screenshot shown = client.screenshot(
                        new Request.TakeScreenshot(console, region.x(), region.y(), region.width(), region.height()));
                known = shown.version();
                ScreenImage picture = ScreenImage.decode(shown.png(), "what the agent sent");
                long count = image.differences(picture, tolerance);
                if (count == 0) {
                    return true;
                }
                difference = ": " + count + " pixels of " + image.width() + "x" + image.height() + " differ, in "
                        + picture.width() + "x" + picture.height();
            }
            screen = await(client, known, fits ? region : ScreenRegion.ALL, 0, secondsLeft());
        }
        return false;
    }

    private ScreenReport await(ControlClient client, long after, ScreenRegion part, int settle, long time)
            throws IOException {
        return client.ask(
                new Request.AwaitScreen(console, after, settle, time, part.x(), part.y(), part.width(), part.height()),
                ScreenReport.class);
    }

    private long secondsLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime() + TimeUnit.SECONDS.toNanos(1) - 1));
    }
}
