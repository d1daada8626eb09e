package io.tagstream.learner.model;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Which virtual-kernel experts serve which output. */
final class ExpertSets {

  private ExpertSets() {}

  /**
   * Of the tasks, and of retrieval where it is an output: the first task's experts and one of its
   * own.
   */
  static List<int[]> of(LearnerConfig config) {
    List<int[]> sets = new ArrayList<>(of(config.tasks(), config.model().experts()));
    if (config.negatives().trainRetrieval()) {
      sets.add(IntStream.concat(IntStream.of(sets.get(0)), IntStream.of(count(sets))).toArray());
    }
    return sets;
  }

  /**
   * The configured sets, or without configuration: for two tasks the paper's {1,2,3} and {2,3,4,5};
   * for three {1,2,3}, {2,3,4}, {2,3,5,6}; else two experts shared by all and one of each task's
   * own.
   *
   * @throws IllegalArgumentException when a task is missing, a number is skipped, or a task has no
   *     expert of its own
   */
  static List<int[]> of(List<Task> tasks, Map<String, Set<Integer>> configured) {
    if (configured.isEmpty()) {
      return defaults(tasks.size());
    }
    List<int[]> sets = new ArrayList<>();
    for (Task task : tasks) {
      Set<Integer> set = configured.get(task.name());
      if (set == null) {
        throw new IllegalArgumentException(
            "model.experts: " + configured.keySet() + " - task " + task.name() + " is missing");
      }
      sets.add(set.stream().mapToInt(Integer::intValue).sorted().toArray());
    }
    check(tasks, sets);
    return sets;
  }

  /** Number of experts: the largest number used and one. */
  static int count(List<int[]> sets) {
    int largest = 0;
    for (int[] set : sets) {
      largest = Math.max(largest, set[set.length - 1]);
    }
    return largest + 1;
  }

  private static List<int[]> defaults(int tasks) {
    if (tasks == 2) {
      return List.of(new int[] {0, 1, 2}, new int[] {1, 2, 3, 4});
    }
    if (tasks == 3) {
      return List.of(new int[] {0, 1, 2}, new int[] {1, 2, 3}, new int[] {1, 2, 4, 5});
    }
    List<int[]> sets = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      sets.add(new int[] {0, 1, 2 + k});
    }
    return sets;
  }

  private static void check(List<Task> tasks, List<int[]> sets) {
    int[] users = new int[count(sets)];
    for (int[] set : sets) {
      for (int expert : set) {
        users[expert]++;
      }
    }
    for (int expert = 0; expert < users.length; expert++) {
      if (users[expert] == 0) {
        throw new IllegalArgumentException(
            "model.experts: expert " + expert + " - serves no task; number them without gaps");
      }
    }
    for (int k = 0; k < sets.size(); k++) {
      boolean own = false;
      for (int expert : sets.get(k)) {
        own |= users[expert] == 1;
      }
      if (!own) {
        throw new IllegalArgumentException(
            "model.experts." + tasks.get(k).name() + ": has no expert of its own - add one");
      }
    }
  }
}
