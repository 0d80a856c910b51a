import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtension, ApiExtraModels } from '@nestjs/swagger';
import { UploadInterceptor } from './upload.interceptor';

const FORM = 'multipart/form-data';

/** Names the class of a form that an operation takes in place of JSON. */
export const X_FORM = 'x-form';

/** Receives forms with a file as well as JSON, each described by a class; see `jsonOrForm` for checking them. */
export const TakesForm = (json: Type<object>, form: Type<object>): MethodDecorator =>
  applyDecorators(
    UseInterceptors(UploadInterceptor),
    ApiConsumes('application/json', FORM),
    ApiBody({ type: json }),
    ApiExtraModels(form),
    ApiExtension(X_FORM, form.name),
  );
