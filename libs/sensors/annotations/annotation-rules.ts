import { violatedConstraint } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { NewAnnotation } from './annotations.repository';

const MAX_CONTENT = 1024;

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
