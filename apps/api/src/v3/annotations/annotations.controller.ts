import { Body, Controller, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Account } from '#lib/accounts';
import type { Asset } from '#lib/assets';
import type { AnnotationTargets, Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { Annotation, AnnotationPost } from './annotations.dto';
import { PostedAnnotations } from './posted-annotations.service';

/** Adds annotations to sensors, assets and accounts: 201 for a new annotation, 200 for one that exists. */
@Controller('api/v3_0')
export class AnnotationsController {
  constructor(private readonly posted: PostedAnnotations) {}

  @Post('sensors/:id/annotations')
  @AcceptsIdempotencyKey()
  @Operation('annotateSensor', {
    answer: Annotation,
    status: 201,
    otherAnswers: { 200: Annotation },
    errors: [403, 422],
  })
  @RequiresPermission('create-children', 'sensor')
  annotateSensor(
    @Resource() { id }: Sensor,
    @Body(validationPipe('json')) body: AnnotationPost,
    @User() user: ApiUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Annotation> {
    return this.add(body, { sensorIds: [id] }, user, response);
  }

  @Post('assets/:id/annotations')
  @AcceptsIdempotencyKey()
  @Operation('annotateAsset', {
    answer: Annotation,
    status: 201,
    otherAnswers: { 200: Annotation },
    errors: [403, 404, 422],
  })
  @RequiresPermission('create-children', 'asset')
  annotateAsset(
    @Resource() { id }: Asset,
    @Body(validationPipe('json')) body: AnnotationPost,
    @User() user: ApiUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Annotation> {
    return this.add(body, { assetIds: [id] }, user, response);
  }

  @Post('accounts/:id/annotations')
  @AcceptsIdempotencyKey()
  @Operation('annotateAccount', {
    answer: Annotation,
    status: 201,
    otherAnswers: { 200: Annotation },
    errors: [403, 404, 422],
  })
  @RequiresPermission('create-children', 'account')
  annotateAccount(
    @Resource() { id }: Account,
    @Body(validationPipe('json')) body: AnnotationPost,
    @User() user: ApiUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Annotation> {
    return this.add(body, { accountIds: [id] }, user, response);
  }

  private async add(
    body: AnnotationPost,
    targets: AnnotationTargets,
    user: ApiUser,
    response: Response,
  ): Promise<Annotation> {
    const { annotation, isNew } = await this.posted.add(body, targets, user);
    response.status(isNew ? 201 : 200);
    return annotation;
  }
}
