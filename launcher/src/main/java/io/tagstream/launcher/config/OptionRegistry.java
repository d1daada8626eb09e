package io.tagstream.launcher.config;

import java.util.ArrayList;
import java.util.List;

/** Every setting there is, by section, in the order of an event's way. */
public final class OptionRegistry {

  /**
   * Settings that belong together.
   *
   * @param title heading in the reference
   * @param settings in the order they are explained
   */
  public record Section(String title, List<Setting<?>> settings) {

    public Section {
      settings = List.copyOf(settings);
    }
  }

  private OptionRegistry() {}

  /** All sections. */
  public static List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("Kafka", KafkaOptions.all()));
    sections.add(new Section("Topics", TopicOptions.all()));
    sections.add(new Section("Formats", FormatOptions.all()));
    sections.add(new Section("Tasks", TaskOptions.all()));
    sections.add(new Section("Labels", LabelOptions.all()));
    sections.add(new Section("Watermarks", PipelineOptions.watermarks()));
    sections.add(new Section("Features", FeatureOptions.all()));
    sections.add(new Section("Credit", FeatureOptions.credit()));
    sections.add(new Section("Learner", LearnerOptions.all()));
    sections.add(new Section("DTN", DtnOptions.all()));
    sections.add(new Section("CTMVM", CtmvmOptions.all()));
    sections.add(new Section("CWTM", CwtmOptions.all()));
    sections.add(new Section("Combination", CombinedOptions.all()));
    sections.add(new Section("MKT", MktOptions.all()));
    sections.add(new Section("Stage and negatives", StageOptions.all()));
    sections.add(new Section("Profiles", ProfileOptions.all()));
    sections.add(new Section("Pipeline", PipelineOptions.all()));
    sections.add(new Section("State", StateOptions.all()));
    sections.add(new Section("Checkpoints", StateOptions.checkpoints()));
    return List.copyOf(sections);
  }

  /** All settings. */
  public static List<Setting<?>> settings() {
    List<Setting<?>> all = new ArrayList<>();
    sections().forEach(section -> all.addAll(section.settings()));
    return List.copyOf(all);
  }
}
