package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * PLE (Tang et al., RecSys 2020, "Progressive Layered Extraction"), and CGC with one level; the
 * backbone of STAN (STAN eq. 1–4).
 *
 * <p>Each task has experts of its own beside the shared ones. At every level task {@code k} mixes
 * {@code S^k = [own experts, shared experts]}: {@code g^k = w^k(x) S^k(x)}, {@code w^k(x) =
 * softmax(W^k x)}. Below the last level a shared gate mixes all experts, of all tasks, for the
 * shared experts of the next level. Level 1 reads {@code x = [user; tag]}, level {@code j} the
 * mixtures of level {@code j − 1}; the last one's go to the towers.
 *
 * <p>Experts {@code → [R, d]}, gates {@code → [R, own + shared]}, towers {@code [R, d] → [R, 1]}.
 */
final class ProgressiveExtraction implements TagModel {

  private final int tasks;
  private final PairInput input;
  private final int own;
  private final int shared;
  private final int levels;
  private final List<Integer> hidden;
  private final int dimension;
  private final TaskTowers towers;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   */
  ProgressiveExtraction(int tasks, PairInput input, ModelConfig sizes) {
    this.tasks = tasks;
    this.input = input;
    this.own = sizes.multiTask().taskExperts();
    this.shared = sizes.multiTask().sharedExperts();
    this.levels = sizes.multiTask().levels();
    this.hidden = sizes.hidden();
    this.dimension = sizes.dimension();
    this.towers = new TaskTowers(tasks, dimension, sizes.multiTask().tower());
  }

  /** Experts and gates of a level, group by group: those of the tasks, then the shared ones. */
  @Override
  public void declare(ParameterSet parameters) {
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
    towers.declare(parameters);
  }

  private void declareExpert(ParameterSet set, int level, String name) {
    if (level == 0) {
      input.declareExpert(set, name, hidden, dimension);
    } else {
      Layers.declareMlp(set, name, dimension, hidden, dimension);
    }
  }

  private void declareGate(ParameterSet set, int level, String name, int outputs) {
    if (level == 0) {
      input.declareLinear(set, name, outputs);
    } else {
      Layers.declareLinear(set, name, dimension, outputs);
    }
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    List<NDArray> mixtures = List.of();
    for (int level = 0; level < levels; level++) {
      List<NDList> experts = new ArrayList<>();
      for (int group = 0; group < groups(); group++) {
        NDList outputs = new NDList();
        for (int i = 0; i < expertsOf(group); i++) {
          outputs.add(expert(w, in, mixtures, level, group, i));
        }
        experts.add(outputs);
      }
      mixtures = mix(w, in, mixtures, level, experts);
    }
    return towers.logits(w, mixtures);
  }

  private NDArray expert(
      Weights w, ModelInputs in, List<NDArray> below, int level, int group, int number) {
    String name = expert(level, group, number);
    return level == 0
        ? input.expert(w, name, in, hidden.size())
        : Layers.relu(Layers.mlp(w, name, below.get(group), hidden.size()));
  }

  private List<NDArray> mix(
      Weights w, ModelInputs in, List<NDArray> below, int level, List<NDList> experts) {
    int gates = level < levels - 1 ? tasks + 1 : tasks;
    List<NDArray> mixtures = new ArrayList<>();
    for (int group = 0; group < gates; group++) {
      NDList mixed = new NDList();
      for (int from = 0; from <= tasks; from++) {
        if (group == tasks || from == group || from == tasks) {
          mixed.addAll(experts.get(from));
        }
      }
      String name = gate(level, group);
      NDArray scores =
          level == 0 ? input.linear(w, name, in) : Layers.linear(w, name, below.get(group));
      mixtures.add(Layers.mixture(mixed, Layers.softmax(scores, 1)));
    }
    return mixtures;
  }

  /** The tasks, and the shared group. */
  private int groups() {
    return tasks + 1;
  }

  private int expertsOf(int group) {
    return group < tasks ? own : shared;
  }

  private static String expert(int level, int group, int number) {
    return "level." + level + ".group." + group + ".expert." + number;
  }

  private static String gate(int level, int group) {
    return "level." + level + ".group." + group + ".gate";
  }
}
