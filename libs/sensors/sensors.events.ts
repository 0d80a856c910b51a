import { defineEvent } from '#lib/events';
/** The accounts, assets and sensors that an annotation is attached to. */
export interface AnnotationTargets {
  accountIds?: number[];
  assetIds?: number[];
  sensorIds?: number[];
}

export const SENSOR_CREATED = defineEvent<{ id: number; assetId: number }>('sensor.created');

/** Fields of a sensor changed. Attributes that were set one by one are named `attributes.<name>`. */
export const SENSOR_UPDATED = defineEvent<{ id: number; fields: string[] }>('sensor.updated');

/** Sensors were deleted, with all their beliefs. */
export const SENSOR_DELETED = defineEvent<{ ids: number[] }>('sensor.deleted');

/** Annotations were added, or attached to more accounts, assets or sensors. */
export const ANNOTATION_CREATED = defineEvent<{ ids: number[] } & AnnotationTargets>('annotation.created');

/** An annotation of an account, an asset or a sensor was changed. */
export const ANNOTATION_UPDATED = defineEvent<{ ids: number[] } & AnnotationTargets>('annotation.updated');

/** An annotation of an account, an asset or a sensor was deleted; without ids: all annotations. */
export const ANNOTATION_DELETED = defineEvent<{ ids?: number[] } & AnnotationTargets>('annotation.deleted');
