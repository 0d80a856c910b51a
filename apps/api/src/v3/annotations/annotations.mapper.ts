import type { Annotation as StoredAnnotation } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import type { Annotation } from './annotations.dto';

/** An annotation as a response of the API. */
export const toAnnotationResponse = (annotation: StoredAnnotation): Annotation => ({
  ...{ id: annotation.id, source: annotation.sourceId, content: annotation.content },
  type: annotation.type as Annotation['type'],
  start: inUtc(annotation.start.getTime()),
  end: inUtc(annotation.end.getTime()),
  prior: annotation.beliefTime ? inUtc(annotation.beliefTime.getTime()) : null,
});

/** A moment as the API writes those of annotations. */
export const inUtc = (ms: number): string => formatInstant(ms, 'UTC');
