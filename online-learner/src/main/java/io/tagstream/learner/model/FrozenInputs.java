package io.tagstream.learner.model;

/**
 * What a frozen copy of a network's part reads: nothing in it gets a gradient.
 *
 * @param weights the copied parameters, under their own names
 * @param inputs the same rows, with the embedding values of when the copy was taken
 */
public record FrozenInputs(Weights weights, ModelInputs inputs) {}
