import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { validationPipe } from '../schema/validation';
import { UploadForm } from './upload-form';

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
