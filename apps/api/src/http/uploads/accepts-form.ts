import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { UploadInterceptor, type FormFiles } from './upload.interceptor';
import { ApiBody, ApiConsumes, ApiExtension, ApiExtraModels } from '../contract/metadata';

const FORM = 'multipart/form-data';

/** OpenAPI extension that names the class of a form that an operation accepts instead of JSON. */
export const X_FORM = 'x-form';

/** Makes a route accept a form with a file, or JSON. `jsonOrForm` validates them. */
export const AcceptsForm = (json: Type<object>, form: Type<object>): MethodDecorator =>
  applyDecorators(
    UseInterceptors(UploadInterceptor({ field: 'file', maxFiles: 1 })),
    ApiConsumes('application/json', FORM),
    ApiBody({ type: json }),
    ApiExtraModels(form),
    ApiExtension(X_FORM, form.name),
  );

/** Makes a route accept a form with files only. `formOnly` validates it. */
export const AcceptsFiles = (form: Type<object>, files: FormFiles): MethodDecorator =>
  applyDecorators(UseInterceptors(UploadInterceptor(files)), ApiConsumes(FORM), ApiBody({ type: form }));
