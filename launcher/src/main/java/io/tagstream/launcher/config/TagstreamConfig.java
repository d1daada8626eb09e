package io.tagstream.launcher.config;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.launcher.config.KafkaOptions.KafkaConfig;
import io.tagstream.launcher.config.PipelineOptions.PipelineConfig;
import io.tagstream.launcher.config.StateOptions.StateConfig;
import io.tagstream.launcher.config.TopicOptions.TopicsConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.schemas.Task;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A whole, valid configuration.
 *
 * @param kafka brokers and guarantees
 * @param topics names of the topics
 * @param formats how their values are written
 * @param tasks what is learnt, in the order of every label array
 * @param pipeline how the job runs
 * @param state where state lives and how it is kept
 * @param ingestion from events to labels
 * @param features what a model reads
 * @param learner which model, and how it learns; of several the one that publishes first
 * @param challengers further models that learn from the same samples
 * @param snapshots when and where the model is written for others to read
 * @param profiles what is published
 */
public record TagstreamConfig(
    KafkaConfig kafka,
    TopicsConfig topics,
    FormatsConfig formats,
    List<Task> tasks,
    PipelineConfig pipeline,
    StateConfig state,
    IngestionConfig ingestion,
    FeaturesConfig features,
    LearnerConfig learner,
    List<LearnerConfig> challengers,
    SnapshotConfig snapshots,
    ProfileConfig profiles) {

  public TagstreamConfig {
    tasks = List.copyOf(tasks);
    challengers = List.copyOf(challengers);
  }

  /** This configuration with other brokers. */
  public TagstreamConfig withBootstrapServers(String bootstrapServers) {
    KafkaConfig other =
        new KafkaConfig(
            bootstrapServers,
            kafka.groupId(),
            kafka.startingOffsets(),
            kafka.delivery(),
            kafka.transactionTimeout(),
            kafka.properties());
    return with(other, learner, challengers);
  }

  /** All models, the first to publish first. */
  public List<LearnerConfig> models() {
    return Stream.concat(Stream.of(learner), challengers.stream()).toList();
  }

  private TagstreamConfig withModels(List<LearnerConfig> models) {
    return with(kafka, models.get(0), models.subList(1, models.size()));
  }

  private TagstreamConfig with(
      KafkaConfig newKafka, LearnerConfig newLearner, List<LearnerConfig> newChallengers) {
    return new TagstreamConfig(
        newKafka,
        topics,
        formats,
        tasks,
        pipeline,
        state,
        ingestion,
        features,
        newLearner,
        newChallengers,
        snapshots,
        profiles);
  }

  /** Every setting at its default. */
  public static TagstreamConfig defaults() {
    try {
      return parse("defaults", "");
    } catch (InvalidConfigurationException e) {
      throw new IllegalStateException(e); // a test holds the defaults valid
    }
  }

  /**
   * Reads a file.
   *
   * @throws InvalidConfigurationException with every mistake in it, or because it cannot be read
   */
  public static TagstreamConfig load(Path file) throws InvalidConfigurationException {
    return parse(file.toString(), text(file));
  }

  /**
   * A file's settings as they stand there, for {@link #parse} with others.
   *
   * @throws InvalidConfigurationException because it cannot be read
   */
  public static String text(Path file) throws InvalidConfigurationException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "there is no such file");
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is no UTF-8 text");
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage());
    }
  }

  private static InvalidConfigurationException unreadable(Path file, String why) {
    return new InvalidConfigurationException(file.toString(), List.of(new Problem("", why)));
  }

  /**
   * Reads texts.
   *
   * @param name of the whole, for messages
   * @param yamls the settings; a later text's values stand above an earlier one's
   * @throws InvalidConfigurationException with every mistake in it
   */
  public static TagstreamConfig parse(String name, String... yamls)
      throws InvalidConfigurationException {
    List<Problem> problems = new ArrayList<>();
    Settings settings = Settings.parse(List.of(yamls), OptionRegistry.settings(), problems);
    TopicsConfig topics = TopicOptions.read(settings);
    List<Task> tasks = TaskOptions.read(settings);
    FeaturesConfig features = FeatureOptions.read(settings, tasks);
    TagstreamConfig config =
        new TagstreamConfig(
            KafkaOptions.read(settings),
            topics,
            FormatOptions.read(settings),
            tasks,
            PipelineOptions.read(settings),
            StateOptions.read(settings),
            LabelOptions.ingestion(settings, tasks, topics),
            features,
            LearnerOptions.read(
                settings,
                tasks,
                UserFieldNames.of(features),
                features.fields().privileged().size()),
            List.of(),
            LearnerOptions.snapshots(settings),
            ProfileOptions.read(settings));
    boolean named = settings.isSet(LearnerOptions.MODEL);
    List<String> models = settings.get(LearnerOptions.MODELS);
    if (named && !models.isEmpty()) {
      settings.refuse(
          LearnerOptions.MODELS.key(), models + " - names the models: leave model.name out");
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(name, problems);
    }
    return models.isEmpty() ? config : config.withModels(config.varied(name, models, yamls));
  }

  /**
   * The learners of several models.
   *
   * @throws InvalidConfigurationException when one is none, is named twice, or changes what all
   *     share
   */
  private List<LearnerConfig> varied(String name, List<String> models, String... yamls)
      throws InvalidConfigurationException {
    List<LearnerConfig> learners = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String model : models) {
      if (learners.stream().anyMatch(other -> other.name().equals(model))) {
        problems.add(refused(model + " - is named twice"));
        continue;
      }
      try {
        learners.add(varied(name, model, yamls));
      } catch (InvalidConfigurationException e) {
        problems.addAll(e.problems());
      } catch (IllegalArgumentException e) {
        // A name that is none, or that names what cannot be.
        problems.add(refused(String.valueOf(e.getMessage())));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(name, problems);
    }
    return learners;
  }

  private LearnerConfig varied(String name, String model, String... yamls)
      throws InvalidConfigurationException {
    if (model.length() > LearnerConfig.LONGEST_NAME) {
      throw new IllegalArgumentException(
          model + " - must have at most " + LearnerConfig.LONGEST_NAME + " characters");
    }
    List<String> texts = new ArrayList<>(List.of(yamls));
    texts.add(LearnerOptions.MODELS.key() + ": []");
    texts.add(ModelName.parse(model).settings());
    TagstreamConfig varied = parse(name, texts.toArray(String[]::new));
    if (!varied.features.equals(features)) {
      throw new IllegalArgumentException(
          model + " - changes what is read of events, which all models share");
    }
    return varied.learner.withName(model);
  }

  private static Problem refused(String problem) {
    return new Problem(LearnerOptions.MODELS.key(), problem);
  }
}
