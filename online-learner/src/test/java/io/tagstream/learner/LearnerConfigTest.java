package io.tagstream.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.NegativesConfig.Output;
import io.tagstream.learner.model.TagModels;
import io.tagstream.schemas.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearnerConfigTest {

  @Test
  void defaultsAreWhatTheReferenceSays() {
    LearnerConfig config = LearnerConfig.defaults();
    assertThat(config.model().network()).isEqualTo(Network.MVKE);
    assertThat(config.model().dimension()).isEqualTo(64);
    assertThat(config.model().ownTags()).isTrue();
    assertThat(config.embedding().dimension()).isEqualTo(16);
    assertThat(config.embedding().expiry()).isEqualTo(Duration.ofDays(60));
    assertThat(config.optimizer().learningRate()).isEqualTo(3e-3f);
    assertThat(config.batch().mode()).isEqualTo(BatchConfig.Mode.FAST);
    assertThat(config.stage().gamma()).isEqualTo(StageConfig.Gamma.SAMPLE);
    assertThat(config.scoring().candidates()).isEqualTo(60);
    assertThat(config.device()).isEqualTo("auto");
  }

  @Test
  void mistakesNameTheirSetting() {
    assertThatThrownBy(() -> new EmbeddingConfig(0, 1, 1, 1, 1, Duration.ofDays(1)))
        .hasMessage("embedding.dimension: 0 - must be positive");
    assertThatThrownBy(() -> ModelConfig.defaults().withSizes(0, List.of()))
        .hasMessage("model.dimension: 0 - must be positive");
    assertThatThrownBy(() -> new NegativesConfig(-1, 1, Output.TASKS))
        .hasMessageStartingWith("negatives.per-impression: -1");
    assertThatThrownBy(() -> LearnerConfig.defaults(List.of(Task.click("retrieval")), 3))
        .hasMessageStartingWith("tasks: retrieval - is the output that negatives.per-impression");
    assertThatThrownBy(() -> LearnerConfig.defaults(List.of(), 3))
        .hasMessageStartingWith("tasks: []");
    assertThatThrownBy(() -> LearnerConfig.defaults().withModel(ModelConfig.of(Network.CTMVM)))
        .hasMessageStartingWith("model.ctmvm.mapping: amvm")
        .hasMessageContaining("features.privileged");
    assertThatThrownBy(() -> LearnerConfig.defaults().withModel(ModelConfig.of(Network.MKT)))
        .hasMessageStartingWith("model.name: mkt - aligns privileged fields")
        .hasMessageContaining("features.privileged");
    assertThatThrownBy(() -> new ModelConfig.Ctmvm(ModelConfig.Mapping.AMVM, 0, 0.05f, true))
        .hasMessage("model.ctmvm.views: 0 - must be positive");
    assertThatThrownBy(() -> new ModelConfig.Ctmvm(ModelConfig.Mapping.PKM, 1, -1f, true))
        .hasMessageStartingWith("model.ctmvm.rho: -1.0");
  }

  @Test
  void mapsAloneReadPrivilegedFields() {
    ModelConfig.Ctmvm none = new ModelConfig.Ctmvm(ModelConfig.Mapping.NONE, 4, 0.05f, true);
    ModelConfig model = ModelConfig.of(Network.CTMVM).withCtmvm(none);
    assertThat(model.readsPrivileged()).isFalse();
    assertThat(LearnerConfig.defaults().withModel(model).privilegedFields()).isZero();
    assertThat(ModelConfig.of(Network.CTMVM).readsPrivileged()).isTrue();
    assertThat(ModelConfig.of(Network.COMBINED).withCtmvm(none).readsPrivileged()).isFalse();
    assertThat(ModelConfig.of(Network.MKT).withCtmvm(none).readsPrivileged()).isTrue();
    assertThatThrownBy(() -> LearnerConfig.defaults().withModel(ModelConfig.of(Network.COMBINED)))
        .hasMessageStartingWith("model.ctmvm.mapping: amvm - maps tags to privileged fields");
    assertThat(ModelConfig.of(Network.PLE).readsPrivileged()).isFalse();
  }

  @Test
  void mktReadsASequenceOfAFieldThatIsThere() {
    LearnerConfig config = LearnerConfig.defaults();
    ModelConfig model = ModelConfig.of(Network.MKT);
    assertThat(model.readsPrivileged()).isTrue();
    assertThat(model.readsSequence()).isTrue();
    assertThat(model.readsEntities()).isTrue();
    assertThat(ModelConfig.of(Network.PLE).readsSequence()).isFalse();
    assertThat(ModelConfig.of(Network.PLE).readsEntities()).isFalse();
    LearnerConfig given = config.withData(config.tasks(), 5, 1).withModel(model);
    assertThat(given.model().mkt()).isEqualTo(MktConfig.defaults());
    assertThatThrownBy(() -> given.withModel(model.withMkt(mkt(5, 0.2f))))
        .hasMessageStartingWith("model.mkt.sequence-field: 5 - must be one of 5 user fields");
    assertThatThrownBy(() -> mkt(-1, 0.2f)).hasMessageStartingWith("model.mkt.sequence-field: -1");
    assertThatThrownBy(() -> mkt(0, 0f)).hasMessageStartingWith("model.mkt.missing-rate: 0.0");
    assertThatThrownBy(() -> mkt(" ", 0, 0.2f))
        .hasMessageStartingWith("model.mkt.target-entity: ' '");
  }

  private static MktConfig mkt(int sequenceField, float missingRate) {
    return mkt("item", sequenceField, missingRate);
  }

  private static MktConfig mkt(String targetEntity, int sequenceField, float missingRate) {
    return new MktConfig(
        targetEntity,
        sequenceField,
        10,
        MktConfig.Cross.PAPER,
        32,
        MktConfig.Polarisation.COSINE,
        0.1f,
        missingRate,
        200);
  }

  @Test
  void expertsAreChecked() {
    List<Task> tasks = List.of(Task.click("click"), Task.stay("stay"));
    assertThatThrownBy(() -> experts(tasks, Map.of("click", Set.of(0), "like", Set.of(1))))
        .hasMessageContaining("model.experts: like");
    assertThatThrownBy(() -> experts(tasks, Map.of("click", Set.of(0))))
        .hasMessageContaining("task stay is missing");
    assertThatThrownBy(() -> experts(tasks, Map.of("click", Set.of(0), "stay", Set.of(2))))
        .hasMessageContaining("expert 1 - serves no task");
    assertThatThrownBy(() -> experts(tasks, Map.of("click", Set.of(0, 1), "stay", Set.of(1))))
        .hasMessageContaining("model.experts.stay: has no expert of its own");
    experts(tasks, Map.of("click", Set.of(0, 1), "stay", Set.of(1, 2)));
  }

  private static void experts(List<Task> tasks, Map<String, Set<Integer>> experts) {
    TagModels.of(
        LearnerConfig.defaults(tasks, 2)
            .withModel(ModelConfig.defaults().withSizes(4, List.of()).withExperts(experts)));
  }
}
