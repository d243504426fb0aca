// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.List;

/**
 * What a tick changed, said in two ways: for whoever has the screen as it was and can move pixels, {@code moves} and then
 * the tiles {@code afterMoves}; for everybody else the tiles {@code changed}. Belongs to the {@link Screen}: valid until its
 * next tick, not to be changed.
 *
 * @param moves to be made one after the other; each takes its pixels from the screen as it was before all of them. Empty
 *     unless the tick was asked for them
 * @param changed tiles whose pixels differ from before, each with the part that does
 * @param afterMoves tiles whose pixels differ from before once the moves are made, each with the part that does; {@code
 *     changed} itself without moves
 * @param touched tiles that were looked at
 */
public record ScreenChange(List<Move> moves, TileParts changed, TileParts afterMoves, int touched) {}
