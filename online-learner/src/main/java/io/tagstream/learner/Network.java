package io.tagstream.learner;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The networks there are: each is a {@code TagModel}. */
public enum Network {
  /** Two towers per task: the baseline MVKE calls the basic solution. */
  TWO_TOWER,
  /** Mixture of Virtual-Kernel Experts. */
  MVKE,
  /** One network per task, nothing shared but embeddings. */
  SINGLE_TASK,
  /** One bottom, a tower per task. */
  SHARED_BOTTOM,
  /** Mixture of experts, one gate for all tasks. */
  MOE,
  /** Multi-gate mixture of experts. */
  MMOE,
  /** Progressive layered extraction; CGC with one level. */
  PLE,
  /** Adaptive information transfer from task to task. */
  AITM,
  /** Deep multiple task-specific feature interactions. */
  DTN,
  /** Coalition Tag Multi-View Mapping: one tower, with substitutes of privileged fields. */
  CTMVM,
  /** One tower on user and tags, CTMVM's baseline. */
  YOUTUBE,
  /** Attention over user fields, crossed, times the tag. */
  UTPM,
  /** Contrast weighted tag masking on two towers. */
  CWTM,
  /** MVKE's towers with DTN's interactions and CTMVM's mapping. */
  COMBINED,
  /** Multi-entity knowledge transfer in two stages. */
  MKT;

  /** Whether its training reads the items' privileged fields. */
  public boolean readsPrivileged() {
    return this == CTMVM || this == COMBINED || this == MKT;
  }

  /** The network of a name in configuration; empty for another name. */
  public static Optional<Network> named(String configName) {
    return Stream.of(values()).filter(each -> each.configName().equals(configName)).findFirst();
  }

  /** The name in configuration, metrics and snapshots. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
