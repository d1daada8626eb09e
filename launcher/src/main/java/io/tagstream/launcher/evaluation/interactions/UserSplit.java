package io.tagstream.launcher.evaluation.interactions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Users parted by a seed: a fifth tests; of the others a tenth validates.
 *
 * @param training users whose samples are trained
 * @param validation users who are scored after each epoch
 * @param test users who are scored at last
 */
record UserSplit(List<SplitUser> training, List<SplitUser> validation, List<SplitUser> test) {

  static UserSplit of(InteractionLog log, long seed) {
    List<SplitUser> users = new ArrayList<>();
    log.byUser().forEach((id, interactions) -> users.add(SplitUser.of(id, interactions)));
    Collections.shuffle(users, new Random(seed));
    int test = users.size() / 5;
    int validation = (users.size() - test) / 10;
    return new UserSplit(
        List.copyOf(users.subList(test + validation, users.size())),
        withTruth(users.subList(test, test + validation)),
        withTruth(users.subList(0, test)));
  }

  /** A user without true tags has no figures. */
  private static List<SplitUser> withTruth(List<SplitUser> users) {
    return users.stream().filter(user -> !user.truth().isEmpty()).toList();
  }
}
