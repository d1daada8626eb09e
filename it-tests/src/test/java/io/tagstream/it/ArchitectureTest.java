package io.tagstream.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.avro.specific.SpecificRecordBase;

/** The dependency rules of the house: one natural way, and pure algorithms. Never frozen. */
@AnalyzeClasses(
    packages = "io.tagstream",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeTestArchives.class})
class ArchitectureTest {

  /** Tests of other modules that are used here come as archives. */
  static final class DoNotIncludeTestArchives implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String[] STAGES = {
    "io.tagstream.ingestion..",
    "io.tagstream.features..",
    "io.tagstream.learner..",
    "io.tagstream.profile.."
  };

  /** Packages that translate between Avro records and the algorithms' own values. */
  private static final String[] SEAMS = {
    "..flink..", "..decode..", "..transition..", "..assembly.."
  };

  @ArchTest
  static final ArchRule stagesKnowOnlySchemas =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("schemas")
          .definedBy("io.tagstream.schemas..")
          .layer("ingestion")
          .definedBy("io.tagstream.ingestion..")
          .layer("stream-features")
          .definedBy("io.tagstream.features..")
          .layer("online-learner")
          .definedBy("io.tagstream.learner..")
          .layer("profile-sink")
          .definedBy("io.tagstream.profile..")
          .layer("profile-subscriber")
          .definedBy("io.tagstream.subscriber..")
          .layer("launcher")
          .definedBy("io.tagstream.launcher..")
          .whereLayer("ingestion")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("stream-features")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("online-learner")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("profile-sink")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("profile-subscriber")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("launcher")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule flinkStaysInFlinkPackages =
      noClasses()
          .that(resideInAnyPackage(STAGES).and(not(resideInAPackage("..flink.."))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..")
          .because("algorithms are pure; .flink packages adapt them");

  @ArchTest
  static final ArchRule theSubscriberKnowsSchemasOnlyAndNoFlink =
      noClasses()
          .that()
          .resideInAPackage("io.tagstream.subscriber..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.apache.flink..")
                  .or(
                      resideInAPackage("io.tagstream..")
                          .and(
                              not(
                                  resideInAnyPackage(
                                      "io.tagstream.subscriber..", "io.tagstream.schemas..")))))
          .because("services that use profiles take it as it is, without the job");

  @ArchTest
  static final ArchRule kafkaStaysInTheLauncher =
      noClasses()
          .that(resideInAnyPackage(STAGES).or(resideInAPackage("io.tagstream.schemas..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.flink.connector.kafka..")
          .because(
              "stages go from DataStream to DataStream; the launcher places Kafka at the ends");

  @ArchTest
  static final ArchRule djlStaysInTheLearner =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tagstream.learner..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..")
          .because("native tensors have one owner, the learner");

  @ArchTest
  static final ArchRule algorithmsDoNotKnowAvro =
      noClasses()
          .that(resideInAnyPackage(STAGES).and(not(resideInAnyPackage(SEAMS))))
          .should()
          .dependOnClassesThat(
              assignableTo(SpecificRecordBase.class).or(resideInAPackage("org.apache.avro..")))
          .because("algorithms take records and primitive arrays of their own");

  @ArchTest
  static final ArchRule theTruthOfThePlantedWorldIsOutOfReach =
      noClasses()
          .that(resideInAnyPackage(STAGES).or(resideInAPackage("io.tagstream.launcher.job..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.tagstream.launcher.world..",
              "io.tagstream.launcher.kuairand..",
              "io.tagstream.launcher.evaluation..")
          .because("a model that can see the truth proves nothing");

  @ArchTest
  static final ArchRule noCyclesBetweenPackages =
      slices().matching("io.tagstream.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule oneLogger =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..");
}
