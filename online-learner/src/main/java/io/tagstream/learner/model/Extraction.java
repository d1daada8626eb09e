package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Experts and gates of PLE (Tang et al., RecSys 2020, "Progressive Layered Extraction"), and of CGC
 * with one level.
 *
 * <p>Each task has experts of its own beside the shared ones. At every level task {@code k} mixes
 * {@code S^k = [own experts, shared experts]}: {@code g^k = w^k(x) S^k(x)}, {@code w^k(x) =
 * softmax(W^k x)}. Below the last level a shared gate mixes all experts, of all tasks, for the
 * shared experts of the next level. Level 1 reads {@code x = [user; tag; m]}, level {@code j} the
 * mixtures of level {@code j − 1}.
 *
 * <p>Experts {@code → [R, d]}, gates {@code → [R, own + shared]}, mixtures {@code [R, d]}.
 */
final class Extraction {

  private final String name;
  private final int tasks;
  private final PairInput input;
  private final int further;
  private final int own;
  private final int shared;
  private final int levels;
  private final List<Integer> hidden;
  private final int dimension;

  /**
   * Levels.
   *
   * @param name what its parameters' names begin with
   * @param tasks {@code K}
   * @param input what a row is
   * @param further {@code |m|}; 0 for none
   */
  Extraction(String name, int tasks, PairInput input, int further, ModelConfig sizes) {
    this.name = name;
    this.tasks = tasks;
    this.input = input;
    this.further = further;
    this.own = sizes.multiTask().taskExperts();
    this.shared = sizes.multiTask().sharedExperts();
    this.levels = sizes.multiTask().levels();
    this.hidden = sizes.hidden();
    this.dimension = sizes.dimension();
  }

  /** Experts and gates of a level, group by group: those of the tasks, then the shared ones. */
  void declare(ParameterSet parameters) {
    for (int level = 0; level < levels; level++) {
      for (int group = 0; group < groups(); group++) {
        for (int i = 0; i < expertsOf(group); i++) {
          declareExpert(parameters, level, expert(level, group, i));
        }
        if (group < tasks) {
          declareGate(parameters, level, gate(level, group), own + shared);
        } else if (level < levels - 1) {
          declareGate(parameters, level, gate(level, group), tasks * own + shared);
        }
      }
    }
  }

  private void declareExpert(ParameterSet set, int level, String expert) {
    if (level == 0) {
      input.declareExpert(set, expert, further, hidden, dimension);
    } else {
      Layers.declareMlp(set, expert, dimension, hidden, dimension);
    }
  }

  private void declareGate(ParameterSet set, int level, String gate, int outputs) {
    if (level == 0) {
      input.declareLinear(set, gate, further, outputs);
    } else {
      Layers.declareLinear(set, gate, dimension, outputs);
    }
  }

  /** What the first level reads. */
  private record Pass(Weights w, ModelInputs in, @Nullable NDArray m) {}

  /** The last level's mixture of every task. */
  List<NDArray> mixtures(Weights w, ModelInputs in) {
    return mixtures(new Pass(w, in, null), IntStream.range(0, tasks).toArray());
  }

  /**
   * The last level's mixture of one task.
   *
   * @param m {@code [R, |m|]}
   */
  NDArray mixture(Weights w, ModelInputs in, NDArray m, int task) {
    return mixtures(new Pass(w, in, m), new int[] {task}).get(0);
  }

  private List<NDArray> mixtures(Pass pass, int[] wanted) {
    List<NDArray> below = List.of();
    for (int level = 0; level < levels; level++) {
      boolean last = level == levels - 1;
      int[] gates = last ? wanted : IntStream.range(0, groups()).toArray();
      List<NDList> experts = new ArrayList<>();
      for (int group = 0; group < groups(); group++) {
        int each = group;
        boolean read = !last || group == tasks || IntStream.of(wanted).anyMatch(k -> k == each);
        experts.add(read ? experts(pass, below, level, group) : new NDList());
      }
      List<NDArray> mixtures = new ArrayList<>();
      for (int group : gates) {
        mixtures.add(mix(pass, below, level, group, experts));
      }
      below = mixtures;
    }
    return below;
  }

  private NDList experts(Pass pass, List<NDArray> below, int level, int group) {
    NDList outputs = new NDList();
    for (int i = 0; i < expertsOf(group); i++) {
      String expert = expert(level, group, i);
      outputs.add(
          level == 0
              ? input.expert(pass.w(), expert, pass.in(), pass.m(), hidden.size())
              : Layers.relu(Layers.mlp(pass.w(), expert, below.get(group), hidden.size())));
    }
    return outputs;
  }

  private NDArray mix(Pass pass, List<NDArray> below, int level, int group, List<NDList> experts) {
    NDList mixed = new NDList();
    for (int from = 0; from <= tasks; from++) {
      if (group == tasks || from == group || from == tasks) {
        mixed.addAll(experts.get(from));
      }
    }
    String gate = gate(level, group);
    NDArray scores =
        level == 0
            ? input.linear(pass.w(), gate, pass.in(), pass.m())
            : Layers.linear(pass.w(), gate, below.get(group));
    return Layers.mixture(mixed, Layers.softmax(scores, 1));
  }

  /** The tasks, and the shared group. */
  private int groups() {
    return tasks + 1;
  }

  private int expertsOf(int group) {
    return group < tasks ? own : shared;
  }

  private String expert(int level, int group, int number) {
    return name + "level." + level + ".group." + group + ".expert." + number;
  }

  private String gate(int level, int group) {
    return name + "level." + level + ".group." + group + ".gate";
  }
}
