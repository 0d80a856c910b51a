import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { validationPipe } from '../schema/validation';
import { UploadForm } from './upload-form';

/** A pipe that validates a form with a class. */
export function formOnly(form: Type<object>): Type<PipeTransform> {
  const asForm = validationPipe('form');

  @Injectable()
  class FormOnly implements PipeTransform {
    transform(body: unknown): Promise<unknown> {
      const fields = body instanceof UploadForm ? body.fields : {};
      return asForm.transform(fields, { type: 'body', metatype: form });
    }
  }
  return FormOnly;
}

/** A pipe that validates a JSON body with one class, and a form with another. */
export function jsonOrForm(json: Type<object>, form: Type<object>): Type<PipeTransform> {
  const [asJson, asForm] = [validationPipe('json'), validationPipe('form')];

  @Injectable()
  class JsonOrForm implements PipeTransform {
    transform(body: unknown): Promise<unknown> {
      return body instanceof UploadForm
        ? asForm.transform(body.fields, { type: 'body', metatype: form })
        : asJson.transform(body, { type: 'body', metatype: json });
    }
  }
  return JsonOrForm;
}
