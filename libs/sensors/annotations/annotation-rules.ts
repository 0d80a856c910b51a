import { violatedConstraint } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { NewAnnotation } from './annotations.repository';

const MAX_CONTENT = 1024;

/** Maximum number of annotations in one answer. */
const MAX_ANNOTATIONS = 10_000;

/** A limit for reading, with which `rejectTooMany` notices that there are more than one answer may have. */
export const ANNOTATION_LIMIT = MAX_ANNOTATIONS + 1;

/**
 * The annotations, unless there are too many for one answer.
 * @param field where the request says when the window starts
 * @throws DomainError TOO_MUCH_DATA
 */
export function rejectTooMany<T>(annotations: T[], field: string): T[] {
  if (annotations.length <= MAX_ANNOTATIONS) return annotations;
  const message = `There are more than ${MAX_ANNOTATIONS} annotations. Request a shorter window.`;
  throw new DomainError('TOO_MUCH_DATA', message, field);
}

/** Annotations that differ only by their end cannot have the same belief time. */
export function toAnnotationError(error: unknown): never {
  if (violatedConstraint(error) !== 'unique') throw error;
  const message =
    'There is such an annotation with the same start and prior already, which ends at another time.';
  throw new DomainError('ANNOTATION_INVALID', message, 'end');
}

/** @throws DomainError ANNOTATION_INVALID */
export function checkAnnotation({
  content,
  startMs,
  endMs,
}: Pick<NewAnnotation, 'content' | 'startMs' | 'endMs'>): void {
  if (content.trim() === '' || content.length > MAX_CONTENT) {
    const message = `The content of an annotation must have 1 to ${MAX_CONTENT} characters.`;
    throw new DomainError('ANNOTATION_INVALID', message, 'content');
  }
  if (!(endMs > startMs)) {
    throw new DomainError('ANNOTATION_INVALID', 'The end of an annotation must be after its start.', 'end');
  }
}
