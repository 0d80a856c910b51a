import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { ANNOTATION_TYPES, AnnotationsService, type Annotated, type AnnotationTargets } from '#lib/sensors';
import { CLOCK, formatInstant, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { validateFields } from '../../http/schema/validation';
import { AnnotationPost } from '../../v3/annotations/annotations.dto';
import { PostedAnnotations } from '../../v3/annotations/posted-annotations.service';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { instantOf, localOf } from '../forms/local-times';
import { Pages } from '../frame/pages.service';
import { timeInWords } from '../frame/words';
import { fieldsOf, type PageRequest } from '../sessions/page-request';

/** What annotations are about. */
export interface AnnotatedThing {
  name: string;
  /** Path of its page. */
  path: string;
  above: { path: string; name: string }[];
  timezone: string;
  annotated: Annotated;
  targets: AnnotationTargets;
  canCreate: boolean;
}

const FIELDS = ['start', 'end', 'type', 'content'] as const;

type Form = Record<(typeof FIELDS)[number], string>;

/** So many annotations are listed: the newest ones. */
const MAX_LISTED = 200;

const HOUR_MS = 3_600_000;

/** Lists annotations, and adds new ones. */
@Injectable()
export class AnnotationPage {
  constructor(
    private readonly pages: Pages,
    private readonly annotations: AnnotationsService,
    private readonly posted: PostedAnnotations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async show(thing: AnnotatedThing, request: PageRequest, response: Response): Promise<void> {
    const hourMs = Math.floor(this.clock.now() / HOUR_MS) * HOUR_MS;
    const form = {
      start: localOf(hourMs, thing.timezone),
      end: localOf(hourMs + HOUR_MS, thing.timezone),
      ...{ type: 'label', content: '' },
    };
    await this.send(thing, request, response, form);
  }

  async add(thing: AnnotatedThing, user: ApiUser, request: PageRequest, response: Response): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    const instant = (local: string): string => instantOf(local, thing.timezone);
    try {
      const fields = { ...form, start: instant(form.start), end: instant(form.end) };
      await this.posted.add(await validateFields(AnnotationPost, fields), thing.targets, user);
      response.redirect(303, `${thing.path}/annotations?saved`);
    } catch (error) {
      await this.send(thing, request, response, form, formProblems(error, request, FIELDS));
    }
  }

  private async send(
    { name, path, above, timezone, annotated, canCreate }: AnnotatedThing,
    request: PageRequest,
    response: Response,
    form: Form,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const found = await this.annotations.listOf(annotated);
    const time = (date: Date): string => timeInWords(formatInstant(date.getTime(), timezone));
    const content = {
      title: `Annotations of ${name}`,
      above: [...above, { path, name }],
      ...{ form, problem, reasons, timezone, can_create: canCreate },
      is_saved: request.query['saved'] !== undefined && status === 200,
      types: ANNOTATION_TYPES.map((type) => [type, type]),
      more: found.length > MAX_LISTED,
      annotations: found
        .slice(-MAX_LISTED)
        .reverse()
        .map(({ start, end, type, content, source }) => ({
          ...{ start: time(start), end: time(end), type, content, source: source.name },
        })),
    };
    await this.pages.send(request, response.set(headers), 'annotations.html', content, { status });
  }
}
