package io.tagstream.it.k8s;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;

/**
 * Every field is one that the object's reader knows, with a value of its type. A cluster drops
 * unknown fields without a word.
 */
final class KnownFields implements ManifestRule {

  private static final String NAME = "known-field";

  private static final Map<String, Class<?>> MODELS =
      Map.ofEntries(
          Map.entry("flink.apache.org/v1beta1 FlinkDeployment", FlinkDeployment.class),
          Map.entry("kafka.strimzi.io/v1beta2 KafkaTopic", KafkaTopic.class),
          Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
          Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
          Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class));

  private final JsonMapper mapper =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    manifests.all().forEach(manifest -> read(manifest, problems));
    return problems.all();
  }

  private void read(Manifest manifest, Problems problems) {
    String type = manifest.tree().path("apiVersion").asText() + " " + manifest.kind();
    Class<?> model = MODELS.get(type);
    if (model == null) {
      problems.add(
          manifest, "apiVersion", type + " - no model is known; expected " + MODELS.keySet());
      return;
    }
    ObjectNode tree = manifest.tree().deepCopy();
    if (tree.path("spec") instanceof ObjectNode spec && model == FlinkDeployment.class) {
      // The API's list of versions ends before Flink 2; another rule looks at it.
      spec.remove("flinkVersion");
    }
    try {
      walk(manifest, "", mapper.treeToValue(tree, model), problems);
    } catch (JsonMappingException e) {
      problems.add(manifest, path(e), e.getOriginalMessage());
    } catch (JsonProcessingException | IllegalAccessException e) {
      problems.add(manifest, "", String.valueOf(e.getMessage()));
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(each -> each.getFieldName() == null ? "" + each.getIndex() : each.getFieldName())
        .collect(Collectors.joining("."));
  }

  /** Models keep what they do not know as additional properties. */
  private static void walk(Manifest manifest, String path, Object value, Problems problems)
      throws IllegalAccessException {
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        walk(manifest, join(path, String.valueOf(entry.getKey())), entry.getValue(), problems);
      }
    } else if (value instanceof Collection<?> elements) {
      int index = 0;
      for (Object element : elements) {
        walk(manifest, join(path, "" + index++), element, problems);
      }
    } else if (value != null && isModel(value.getClass())) {
      for (Class<?> each = value.getClass(); isModel(each); each = each.getSuperclass()) {
        fields(manifest, path, value, each, problems);
      }
    }
  }

  private static void fields(
      Manifest manifest, String path, Object value, Class<?> declaring, Problems problems)
      throws IllegalAccessException {
    for (Field field : declaring.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      Object content = field.get(value);
      if (field.getName().equals("additionalProperties")) {
        if (content instanceof Map<?, ?> unknown) {
          unknown
              .keySet()
              .forEach(
                  key -> problems.add(manifest, join(path, "" + key), "there is no such field"));
        }
      } else {
        JsonProperty named = field.getAnnotation(JsonProperty.class);
        String name = named == null || named.value().isEmpty() ? field.getName() : named.value();
        walk(manifest, join(path, name), content, problems);
      }
    }
  }

  private static boolean isModel(Class<?> type) {
    String name = type.getName();
    return !type.isEnum()
        && (name.startsWith("io.fabric8.")
            || name.startsWith("io.strimzi.")
            || name.startsWith("org.apache.flink.kubernetes.operator.api."));
  }

  private static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
