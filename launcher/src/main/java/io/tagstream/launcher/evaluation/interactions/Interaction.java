package io.tagstream.launcher.evaluation.interactions;

import java.util.List;

/**
 * What a user did with an item.
 *
 * @param item the item
 * @param positive whether it was liked
 * @param tags of the item; rare ones are left out, so there may be none
 * @param privileged its privileged values, known in training alone
 */
record Interaction(String item, boolean positive, List<String> tags, List<String> privileged) {

  Interaction {
    tags = List.copyOf(tags);
    privileged = List.copyOf(privileged);
  }
}
