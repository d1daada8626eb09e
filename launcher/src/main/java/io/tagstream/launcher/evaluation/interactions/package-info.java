/**
 * Tags learnt from what users did with items, for users the model has not seen: the protocol of
 * CTMVM section 4.1 on Last.fm and MovieLens.
 */
@NullMarked
package io.tagstream.launcher.evaluation.interactions;

import org.jspecify.annotations.NullMarked;
