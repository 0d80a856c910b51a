import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { validated } from '../schema/validation';
import { UploadForm } from './upload-form';

/** Checks a body by one class when it came as JSON, and by another when it came as a form. */
export function jsonOrForm(json: Type<object>, form: Type<object>): Type<PipeTransform> {
  const [asJson, asForm] = [validated('json'), validated('form')];

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
