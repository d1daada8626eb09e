/**
 * Which tag of a clicked item earned the click: in come the tag sets a user clicked and the tags of
 * an item, out come Shapley weights (CTMVM, eq. 1–3). Tags are symbols; names and ids may not
 * enter.
 */
@NullMarked
package io.tagstream.features.credit;

import org.jspecify.annotations.NullMarked;
