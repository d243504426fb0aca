// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/** Transforms, quantises and encodes one component of a RemoteFX tile. For one thread; the fields are scratch memory. */
final class RfxComponentEncoder {

    private final RfxDwt dwt;
    private final RlgrEncoder rlgr;
    private final int[] coefficients = new int[YCbCrTile.PIXELS];

    RfxComponentEncoder(RfxDwt dwt, RlgrEncoder.Mode mode) {
        this.dwt = dwt;
        this.rlgr = new RlgrEncoder(mode);
    }

    /**
     * Encodes a component.
     *
     * @param samples in the order of {@link RfxDwt#part}
     * @param quantisers by band
     * @param target room for {@link RlgrEncoder#MAX_BYTES} and {@link BitWriter#MARGIN} from {@code start} on
     * @return where it ends
     */
    int encode(int[] samples, int[] quantisers, byte[] target, int start) {
        dwt.transform(samples, coefficients);
        int last = coefficients.length - 1;
        int exact = coefficients[last];
        Quantiser.quantise(coefficients, dwt.bands(), quantisers);
        int shift = quantisers[RfxDwt.LL3] - 1;
        int remainder = exact - (coefficients[last] << shift);
        for (int i = last; i > dwt.bands()[RfxDwt.LL3]; i--) {
            coefficients[i] -= coefficients[i - 1];
        }
        return rlgr.encode(coefficients, coefficients.length, remainder, target, start);
    }
}
