package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * What a tag's logit gains whoever the user is: {@code z^k += ⟨v^k, e_t⟩}, linear in the tag's
 * embedding row.
 *
 * <p>How popular a tag is says most about what will be clicked next, and moves from day to day. A
 * cosine has to spend its directions on it, the same for all users; here it is learnt by itself, at
 * the rows' rate, and towers learn what is left.
 */
public final class TagPriorTerm {

  private static final String PARAMETER = "tag-prior.weight";

  /** Few weights, each of them in all rows. */
  private static final float RATE = 3f;

  private final int tasks;
  private final int embedding;

  /**
   * A term.
   *
   * @param tasks {@code K}
   * @param embedding size of an embedding row, {@code e}
   */
  public TagPriorTerm(int tasks, int embedding) {
    this.tasks = tasks;
    this.embedding = embedding;
  }

  /** Declares the weights {@code v [K, e]}, zero at first. */
  public void declare(ParameterSet parameters) {
    parameters.zerosAtRate(PARAMETER, RATE, tasks, embedding);
  }

  /** Adds the term to every output. */
  public TrainingOutputs addTo(TrainingOutputs outputs, Weights w, ModelInputs in) {
    NDArray ofRows = Layers.rows(of(w, in.tags()), in.rowTag());
    NDArray reported = outputs.reported();
    return new TrainingOutputs(
        outputs.logits().add(ofRows),
        outputs.auxiliary().stream().map(some -> added(some, w, ofRows)).toList(),
        outputs.penalty(),
        reported == null ? null : reported.add(ofRows));
  }

  private static Auxiliary added(Auxiliary some, Weights w, NDArray ofRows) {
    NDArray ofSome = Layers.rows(ofRows, w.indices(some.rows()));
    return new Auxiliary(some.logits().add(ofSome), some.rows());
  }

  /** The term of tags: {@code [T, e] → [T, K]}. */
  public NDArray of(Weights w, NDArray tags) {
    return tags.matMul(w.get(PARAMETER).transpose());
  }
}
