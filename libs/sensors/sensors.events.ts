import { defineEvent } from '#lib/events';
/** What an annotation belongs to. */
export interface AnnotationTargets {
  accountIds?: number[];
  assetIds?: number[];
  sensorIds?: number[];
}

export const SENSOR_CREATED = defineEvent<{ id: number; assetId: number }>('sensor.created');

/** Fields of a sensor have new values; of attributes that were set one by one, their names as `attributes.name`. */
export const SENSOR_UPDATED = defineEvent<{ id: number; fields: string[] }>('sensor.updated');

/** Sensors were deleted, with all beliefs about them. */
export const SENSOR_DELETED = defineEvent<{ ids: number[] }>('sensor.deleted');

/** Annotations are new, or belong to more than before. */
export const ANNOTATION_CREATED = defineEvent<{ ids: number[] } & AnnotationTargets>('annotation.created');

/** All annotations were deleted. */
export const ANNOTATION_DELETED = defineEvent<object>('annotation.deleted');
