import { ANNOTATION_TYPES, type AnnotationType } from '#lib/sensors';
import { Field } from '../../http/schema/field';
import { choice, instant, integer, nullable, schemaOnly, text } from '../../http/schema/kinds';

/** A new annotation. */
export class AnnotationPost {
  @Field(text({ maxLength: 1024 }))
  content!: string;

  @Field(instant())
  start!: string;

  @Field(instant())
  end!: string;

  @Field(choice(...ANNOTATION_TYPES), { default: 'label' })
  type?: AnnotationType;

  @Field(nullable(instant()), { optional: true })
  prior?: string | null;
}

/** Changes of an annotation. */
export class AnnotationPatch {
  @Field(text({ maxLength: 1024 }), { optional: true })
  content?: string;

  @Field(instant(), { optional: true })
  start?: string;

  @Field(instant(), { optional: true })
  end?: string;

  @Field(choice(...ANNOTATION_TYPES), { optional: true })
  type?: AnnotationType;

  @Field(nullable(instant()), { optional: true })
  prior?: string | null;
}

/** Which annotations to list. */
export class AnnotationsQuery {
  @Field(instant(), { optional: true })
  start?: string;

  @Field(instant(), { optional: true })
  end?: string;
}

/** A stored annotation. */
export class Annotation {
  @Field(integer())
  id!: number;

  @Field(integer())
  source!: number;

  @Field(text())
  content!: string;

  @Field(instant())
  start!: string;

  @Field(instant())
  end!: string;

  @Field(choice(...ANNOTATION_TYPES))
  type!: AnnotationType;

  @Field(schemaOnly({ type: 'string', format: 'date-time', nullable: true }))
  prior!: string | null;
}
