package io.tagstream.learner.model;

import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntFunction;
import java.util.Arrays;

/**
 * What a tag gains because it stands in the user's own fields, among those clicked last, clicked
 * most or shown most. A user either explores, as the network says, or comes back to a tag of their
 * own, and what is seen is the mixture of both:
 *
 * <pre>
 * z'^k = log(exp(z^k) + exp(o^k))   for the user's own tags, z'^k = z^k for the others
 * o^k  = −3 + Σ_{f: t in field f} (m^k_{f, place} + n^k_{f, times})
 * </pre>
 *
 * <p>The mixture of exploring and repeating is RepeatNet's (Ren et al. 2019, eq. 1), between odds
 * in place of probabilities; a learnt weight per place and per number of times is the wide part of
 * Wide &amp; Deep (Cheng et al. 2016) for the crossed feature tag × own tags. A sum, as counts
 * smoothed with popularity are: one click lifts a rare tag as far as a popular one, where a term
 * added to the logit would multiply each by the same.
 *
 * <p>The network generalises from tag to tag; a cosine of pooled vectors cannot also memorise which
 * tags a user clicked. It stays factored: at most as many tags as the fields hold ids gain
 * anything. Fields need no naming, since only fields of tags share ids with tags. An id that stands
 * several times in a field stands there in one run.
 *
 * <p>In plain Java, beside whichever model runs; the weights are dense parameters like the others.
 */
public final class OwnTagTerm {

  /** Name of the weights, {@code [K, F·(P + N)]}. */
  public static final String PARAMETER = "own-tags.weight";

  /** Places in a field told apart, {@code P}; later ones share the last weight. */
  static final int PLACES = 16;

  /** Numbers of times in a field told apart, {@code N}; larger ones share the last weight. */
  static final int TIMES = 8;

  /** At first a tag of one's own weighs as one in twenty. */
  private static final float BASE = -3f;

  /** Few weights, each of them in many rows: they may learn faster than a network. */
  private static final float RATE = 3f;

  private static final int PER_FIELD = PLACES + TIMES;

  private final int tasks;
  private final int fields;

  /**
   * A term.
   *
   * @param tasks {@code K}
   * @param fields {@code F}
   */
  public OwnTagTerm(int tasks, int fields) {
    this.tasks = tasks;
    this.fields = fields;
  }

  /** Declares the weights, zero at first. */
  public void declare(ParameterSet parameters) {
    parameters.zerosAtRate(PARAMETER, RATE, tasks, (long) fields * PER_FIELD);
  }

  /** The live weights in a set where they are declared. */
  public static float[] weights(ParameterSet parameters) {
    return parameters.values(PARAMETER);
  }

  /** Told of each id that stands in a field of a user. */
  @FunctionalInterface
  private interface Standing {
    /**
     * An id, once per field it stands in.
     *
     * @param id the id
     * @param place column of its place's weight, in {@code [0, F·(P + N))}
     * @param times column of the weight of how many times it stands there
     */
    void at(long id, int place, int times);
  }

  /**
   * Goes through one user's bags.
   *
   * @param user whose: those from {@code user·F} on
   */
  private void walk(int user, int[] fieldOffsets, long[] fieldIds, Standing standing) {
    for (int f = 0; f < fields; f++) {
      int to = fieldOffsets[user * fields + f + 1];
      int place = 0;
      for (int n = fieldOffsets[user * fields + f]; n < to; place++) {
        int begin = n;
        while (n < to && fieldIds[n] == fieldIds[begin]) {
          n++;
        }
        int first = f * PER_FIELD;
        standing.at(
            fieldIds[begin],
            first + Math.min(place, PLACES - 1),
            first + PLACES + Math.min(n - begin, TIMES) - 1);
      }
    }
  }

  private float weight(float[] weights, int task, int place, int times) {
    int row = task * fields * PER_FIELD;
    return weights[row + place] + weights[row + times];
  }

  /**
   * {@code o} of one user's own tags.
   *
   * @param user whose bags: those from {@code user·F} on
   * @param columns of the tags that are wanted, by feature id; negative for all other ids
   * @return {@code [K]} by column
   */
  public Int2ObjectMap<float[]> logits(
      float[] weights, int user, int[] fieldOffsets, long[] fieldIds, Long2IntFunction columns) {
    Int2ObjectMap<float[]> own = new Int2ObjectOpenHashMap<>();
    walk(
        user,
        fieldOffsets,
        fieldIds,
        (id, place, times) -> {
          int column = columns.get(id);
          if (column >= 0) {
            float[] logits = own.computeIfAbsent(column, tag -> bases());
            for (int k = 0; k < tasks; k++) {
              logits[k] += weight(weights, k, place, times);
            }
          }
        });
    return own;
  }

  private float[] bases() {
    float[] bases = new float[tasks];
    Arrays.fill(bases, BASE);
    return bases;
  }

  /**
   * {@code o} of every row; of tags that are pooled, with the mean of what fields add to theirs.
   *
   * @return {@code [R, K]}, negative infinity where no tag of the row is the user's own
   */
  public float[] logits(float[] weights, RowFeatures rows) {
    float[] own = new float[rows.count() * tasks];
    Arrays.fill(own, Float.NEGATIVE_INFINITY);
    find(
        rows,
        (row, share, place, times) -> {
          for (int k = 0; k < tasks; k++) {
            int at = row * tasks + k;
            float before = own[at] == Float.NEGATIVE_INFINITY ? BASE : own[at];
            own[at] = before + share * weight(weights, k, place, times);
          }
        });
    return own;
  }

  /**
   * The loss's derivative by the weights.
   *
   * @param ownGradient {@code ∂L/∂o [R, K]}
   * @param gradient receives {@code [K, F·(P + N)]}
   */
  public void gradient(float[] ownGradient, RowFeatures rows, float[] gradient) {
    Arrays.fill(gradient, 0f);
    find(
        rows,
        (row, share, place, times) -> {
          for (int k = 0; k < tasks; k++) {
            float of = share * ownGradient[row * tasks + k];
            gradient[k * fields * PER_FIELD + place] += of;
            gradient[k * fields * PER_FIELD + times] += of;
          }
        });
  }

  /**
   * Mixes the logits of the first rows, as many as there are logits of.
   *
   * @param logits {@code z [R, K]}, becomes {@code z'}
   * @param own {@code o}, of these rows or more
   * @return {@code ∂z'/∂z}; {@code ∂z'/∂o} is what is missing to 1
   */
  public static float[] mix(float[] logits, float[] own) {
    float[] share = new float[logits.length];
    for (int n = 0; n < logits.length; n++) {
      share[n] = (float) (1 / (1 + Math.exp(own[n] - logits[n])));
      logits[n] = mix(logits[n], own[n]);
    }
    return share;
  }

  /** {@code log(exp(z) + exp(o))}, without overflow. */
  public static float mix(float logit, float own) {
    float larger = Math.max(logit, own);
    return larger + (float) Math.log1p(Math.exp(Math.min(logit, own) - larger));
  }

  @FunctionalInterface
  private interface Found {
    void at(int row, float share, int place, int times);
  }

  /** Finds every tag of every row in its user's fields; each has an equal share of its row. */
  private void find(RowFeatures rows, Found found) {
    for (int r = 0; r < rows.count(); r++) {
      int row = r;
      int from = rows.tagOffsets()[rows.tag()[row]];
      int to = rows.tagOffsets()[rows.tag()[row] + 1];
      float share = 1f / (to - from);
      walk(
          rows.impression()[row],
          rows.fieldOffsets(),
          rows.fieldIds(),
          (id, place, times) -> {
            for (int n = from; n < to; n++) {
              if (rows.tagIds()[n] == id) {
                found.at(row, share, place, times);
              }
            }
          });
    }
  }
}
