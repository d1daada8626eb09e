/**
 * UCI Census-Income (KDD): income over 50,000 and never married, from one record a person. Two
 * tasks without users, tags or time: networks against each other as networks.
 */
@NullMarked
package io.tagstream.launcher.evaluation.census;

import org.jspecify.annotations.NullMarked;
