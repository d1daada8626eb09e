package io.tagstream.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassReader;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.FieldVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.Opcodes;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options that Flink, its autoscaler, its operator and its S3 file system declare.
 *
 * @param byKey options by key and by the keys that stand for them
 * @param reporterParameters what a metrics reporter may be told, by the end of the key
 * @param s3Keys the options of Hadoop's S3 file system, by the end of the key
 */
public record FlinkOptions(
    Map<String, ConfigOption<?>> byKey,
    Map<String, ConfigOption<?>> reporterParameters,
    Set<String> s3Keys) {

  private static final String REPORTER = "metrics.reporter.";
  private static final String S3 = "s3.";
  private static final String HADOOP_S3 = "fs.s3a.";
  private static final String HADOOP_S3_CONSTANTS = "/org/apache/hadoop/fs/s3a/Constants.class";

  /** One class of each jar whose options are looked for. */
  private static final List<Class<?>> ANCHORS =
      List.of(
          CoreOptions.class,
          TaskExecutorProcessUtils.class,
          RocksDBOptions.class,
          KubernetesConfigOptions.class,
          AutoScalerOptions.class);

  /** Of the operator, whose jar is not published, those that are used here. */
  private static final List<ConfigOption<?>> OF_OPERATOR =
      List.of(
          ConfigOptions.key("kubernetes.operator.savepoint.history.max.age")
              .durationType()
              .noDefaultValue());

  public FlinkOptions {
    byKey = Map.copyOf(byKey);
    reporterParameters = Map.copyOf(reporterParameters);
    s3Keys = Set.copyOf(s3Keys);
  }

  /** Those of the class path. */
  public static FlinkOptions collect() throws Exception {
    Map<String, ConfigOption<?>> byKey = new HashMap<>();
    for (Class<?> anchor : ANCHORS) {
      for (Class<?> each : optionClasses(anchor)) {
        options(each).forEach(option -> add(byKey, option));
      }
    }
    OF_OPERATOR.forEach(option -> add(byKey, option));
    return new FlinkOptions(byKey, ofReporters(), ofS3());
  }

  private static void add(Map<String, ConfigOption<?>> byKey, ConfigOption<?> option) {
    byKey.put(option.key(), option);
    for (FallbackKey other : option.fallbackKeys()) {
      if (!other.isDeprecated()) {
        byKey.putIfAbsent(other.getKey(), option);
      }
    }
  }

  private static List<Class<?>> optionClasses(Class<?> anchor) throws Exception {
    File jar = new File(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar)) {
      List<String> names =
          file.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith("org/apache/flink/") && !name.contains("/shaded/"))
              .filter(name -> name.endsWith("Options.class"))
              .map(name -> name.replace('/', '.').replaceFirst("\\.class$", ""))
              .toList();
      Set<Class<?>> classes = new HashSet<>();
      for (String name : names) {
        classes.add(Class.forName(name, false, anchor.getClassLoader()));
      }
      return List.copyOf(classes);
    }
  }

  private static Stream<ConfigOption<?>> options(Class<?> declaring) {
    return constants(declaring, ConfigOption.class).map(option -> (ConfigOption<?>) option);
  }

  private static <T> Stream<T> constants(Class<?> declaring, Class<T> type) {
    return Stream.of(declaring.getDeclaredFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == type)
        .filter(field -> !Modifier.isPrivate(field.getModifiers()))
        .map(field -> type.cast(value(field)));
  }

  private static Object value(Field field) {
    try {
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, ConfigOption<?>> ofReporters() {
    Map<String, ConfigOption<?>> parameters = new HashMap<>();
    options(MetricOptions.class)
        .filter(option -> !option.key().startsWith("metrics."))
        .forEach(option -> parameters.put(option.key(), option));
    constants(PrometheusReporterFactory.class, String.class)
        .forEach(
            name -> parameters.put(name, ConfigOptions.key(name).stringType().noDefaultValue()));
    return parameters;
  }

  /** Read from the class file: to load the class, the rest of Hadoop would have to be there. */
  private static Set<String> ofS3() throws IOException {
    Set<String> keys = new HashSet<>();
    try (InputStream in = FlinkOptions.class.getResourceAsStream(HADOOP_S3_CONSTANTS)) {
      new ClassReader(in)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable FieldVisitor visitField(
                    int access, String name, String type, String generics, Object value) {
                  if (value instanceof String key && key.startsWith(HADOOP_S3)) {
                    keys.add(key.substring(HADOOP_S3.length()));
                  }
                  return null;
                }
              },
              ClassReader.SKIP_CODE);
    }
    return keys;
  }

  /** What is wrong with some settings, by key: there is no such option, or it has another type. */
  public Map<String, String> problems(Map<String, String> settings) {
    Map<String, String> problems = new TreeMap<>();
    settings.forEach(
        (key, value) ->
            find(key)
                .map(option -> unreadable(option, value))
                .orElse(Optional.of("there is no such option, or it is deprecated"))
                .ifPresent(problem -> problems.put(key, problem)));
    return problems;
  }

  private static Optional<String> unreadable(ConfigOption<?> option, String value) {
    Configuration configuration = new Configuration();
    configuration.setString(option.key(), value);
    try {
      configuration.getOptional(option);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(value + " - " + e.getMessage());
    }
  }

  private Optional<ConfigOption<?>> find(String key) {
    if (key.startsWith(REPORTER)) {
      String[] nameAndParameter = key.substring(REPORTER.length()).split("\\.", 2);
      return nameAndParameter.length < 2
          ? Optional.empty()
          : Optional.ofNullable(reporterParameters.get(nameAndParameter[1]))
              .map(option -> ConfigOptions.key(key).stringType().noDefaultValue());
    }
    if (key.startsWith(S3) && s3Keys.contains(key.substring(S3.length()))) {
      return Optional.of(ConfigOptions.key(key).stringType().noDefaultValue());
    }
    return Optional.ofNullable(byKey.get(key));
  }
}
