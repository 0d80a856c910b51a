import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import type { Account } from '#lib/accounts';
import type { Asset } from '#lib/assets';
import type { Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiParam } from '../../http/contract/metadata';
import { IdPipe } from '../../http/schema/id-pipe';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { Annotation, AnnotationPatch, AnnotationsQuery } from './annotations.dto';
import { PostedAnnotations } from './posted-annotations.service';

const AnnotationId = () => ApiParam({ name: 'annotation_id', schema: { type: 'integer', minimum: 1 } });

/** Lists, changes and deletes the annotations of sensors, assets and accounts. Who may add annotations may also change them. */
@Controller('api/v3_0')
export class AnnotationChangesController {
  constructor(private readonly posted: PostedAnnotations) {}

  @Get('sensors/:id/annotations')
  @Operation('listAnnotationsOfSensor', { answer: [Annotation], errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  listOfSensor(@Resource() { id }: Sensor, @Query(validationPipe('query')) query: AnnotationsQuery) {
    return this.posted.list({ sensorId: id }, query);
  }

  @Patch('sensors/:id/annotations/:annotation_id')
  @AnnotationId()
  @Operation('updateAnnotationOfSensor', { answer: Annotation, errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'sensor')
  changeOfSensor(
    @Resource() { id }: Sensor,
    @Param('annotation_id', IdPipe) annotationId: number,
    @Body(validationPipe('json')) body: AnnotationPatch,
    @User() user: ApiUser,
  ): Promise<Annotation> {
    return this.posted.change(annotationId, { sensorId: id }, body, user);
  }

  @Delete('sensors/:id/annotations/:annotation_id')
  @AnnotationId()
  @Operation('deleteAnnotationOfSensor', { errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'sensor')
  deleteOfSensor(
    @Resource() { id }: Sensor,
    @Param('annotation_id', IdPipe) annotationId: number,
  ): Promise<void> {
    return this.posted.remove(annotationId, { sensorId: id });
  }

  @Get('assets/:id/annotations')
  @Operation('listAnnotationsOfAsset', { answer: [Annotation], errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  listOfAsset(@Resource() { id }: Asset, @Query(validationPipe('query')) query: AnnotationsQuery) {
    return this.posted.list({ assetId: id }, query);
  }

  @Patch('assets/:id/annotations/:annotation_id')
  @AnnotationId()
  @Operation('updateAnnotationOfAsset', { answer: Annotation, errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'asset')
  changeOfAsset(
    @Resource() { id }: Asset,
    @Param('annotation_id', IdPipe) annotationId: number,
    @Body(validationPipe('json')) body: AnnotationPatch,
    @User() user: ApiUser,
  ): Promise<Annotation> {
    return this.posted.change(annotationId, { assetId: id }, body, user);
  }

  @Delete('assets/:id/annotations/:annotation_id')
  @AnnotationId()
  @Operation('deleteAnnotationOfAsset', { errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'asset')
  deleteOfAsset(
    @Resource() { id }: Asset,
    @Param('annotation_id', IdPipe) annotationId: number,
  ): Promise<void> {
    return this.posted.remove(annotationId, { assetId: id });
  }

  @Get('accounts/:id/annotations')
  @Operation('listAnnotationsOfAccount', { answer: [Annotation], errors: [403, 404, 422] })
  @RequiresPermission('read', 'account')
  listOfAccount(@Resource() { id }: Account, @Query(validationPipe('query')) query: AnnotationsQuery) {
    return this.posted.list({ accountId: id }, query);
  }

  @Patch('accounts/:id/annotations/:annotation_id')
  @AnnotationId()
  @Operation('updateAnnotationOfAccount', { answer: Annotation, errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'account')
  changeOfAccount(
    @Resource() { id }: Account,
    @Param('annotation_id', IdPipe) annotationId: number,
    @Body(validationPipe('json')) body: AnnotationPatch,
    @User() user: ApiUser,
  ): Promise<Annotation> {
    return this.posted.change(annotationId, { accountId: id }, body, user);
  }

  @Delete('accounts/:id/annotations/:annotation_id')
  @AnnotationId()
  @Operation('deleteAnnotationOfAccount', { errors: [403, 404, 422] })
  @RequiresPermission('create-children', 'account')
  deleteOfAccount(
    @Resource() { id }: Account,
    @Param('annotation_id', IdPipe) annotationId: number,
  ): Promise<void> {
    return this.posted.remove(annotationId, { accountId: id });
  }
}
