import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import {
  ANNOTATION_TYPES,
  AnnotationChanges,
  AnnotationsService,
  type Annotated,
  type Annotation,
  type AnnotationTargets,
} from '#lib/sensors';
import { CLOCK, formatInstant, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { validateFields } from '../../http/schema/validation';
import { AnnotationPatch, AnnotationPost } from '../../v3/annotations/annotations.dto';
import { PostedAnnotations } from '../../v3/annotations/posted-annotations.service';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { instantOf, localOf } from '../forms/local-times';
import { Pages } from '../frame/pages.service';
import { timeInWords } from '../frame/words';
import { parseIdInPath } from '../../http/auth/permissions/resource-loaders';
import { fieldOf, fieldsOf, type PageRequest } from '../sessions/page-request';

/** What annotations are about. */
export interface AnnotatedThing {
  name: string;
  /** Path of its page. */
  path: string;
  above: { path: string; name: string }[];
  timezone: string;
  annotated: Annotated;
  targets: AnnotationTargets;
  /** Whether the user may add, change and delete annotations. */
  canAnnotate: boolean;
}

const FIELDS = ['start', 'end', 'type', 'content'] as const;

type Form = Record<(typeof FIELDS)[number], string>;

/** So many annotations are listed: the newest ones. */
const MAX_LISTED = 200;

const HOUR_MS = 3_600_000;

/** The annotation that a form is about, and what it does with it; undefined: it adds a new one. */
type Chosen = { annotation: Annotation; action: 'change' | 'delete' } | undefined;

/** Lists annotations, adds new ones, and changes and deletes those that there are. */
@Injectable()
export class AnnotationPage {
  constructor(
    private readonly pages: Pages,
    private readonly annotations: AnnotationsService,
    private readonly changes: AnnotationChanges,
    private readonly posted: PostedAnnotations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Shows the list with a form: for a new annotation, or for that of the query (`change` or `delete`). */
  async show(thing: AnnotatedThing, request: PageRequest, response: Response): Promise<void> {
    const hourMs = Math.floor(this.clock.now() / HOUR_MS) * HOUR_MS;
    const empty = {
      start: localOf(hourMs, thing.timezone),
      end: localOf(hourMs + HOUR_MS, thing.timezone),
      ...{ type: 'label', content: '' },
    };
    const chosen = thing.canAnnotate ? await this.chosenIn(request.query, thing) : undefined;
    const form = chosen ? formOf(chosen.annotation, thing.timezone) : empty;
    await this.send(thing, request, response, form, chosen);
  }

  /** Does what the form asks for: adds an annotation, or changes or deletes the one that it names. */
  async save(thing: AnnotatedThing, user: ApiUser, request: PageRequest, response: Response): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    const chosen = await this.chosenIn(
      { [fieldOf(request, 'action')]: fieldOf(request, 'annotation') },
      thing,
    );
    try {
      if (!chosen) await this.add(thing, user, form);
      else if (chosen.action === 'delete') await this.posted.remove(chosen.annotation.id, thing.annotated);
      else await this.change(thing, user, form, chosen.annotation);
      const done = chosen?.action === 'delete' ? 'deleted' : 'saved';
      response.redirect(303, `${thing.path}/annotations?${done}`);
    } catch (error) {
      const shown = chosen?.action === 'delete' ? formOf(chosen.annotation, thing.timezone) : form;
      await this.send(thing, request, response, shown, chosen, formProblems(error, request, FIELDS));
    }
  }

  private async add({ timezone, targets }: AnnotatedThing, user: ApiUser, form: Form): Promise<void> {
    const fields = { ...form, start: instantOf(form.start, timezone), end: instantOf(form.end, timezone) };
    await this.posted.add(await validateFields(AnnotationPost, fields), targets, user);
  }

  /** Sends only what differs from what the form showed, which has no seconds. */
  private async change(
    { timezone, annotated }: AnnotatedThing,
    user: ApiUser,
    form: Form,
    annotation: Annotation,
  ): Promise<void> {
    const shown = formOf(annotation, timezone);
    const isTime = (name: string): boolean => name === 'start' || name === 'end';
    const changed = FIELDS.filter((name) => form[name] !== shown[name]).map((name) => [
      name,
      isTime(name) ? instantOf(form[name], timezone) : form[name],
    ]);
    const patch = await validateFields(AnnotationPatch, Object.fromEntries(changed) as object);
    await this.posted.change(annotation.id, annotated, patch, user);
  }

  private async chosenIn(given: Record<string, unknown>, { annotated }: AnnotatedThing): Promise<Chosen> {
    const action = (['change', 'delete'] as const).find((name) => given[name] !== undefined);
    if (!action) return undefined;
    const id = parseIdInPath(String(given[action]), 'annotation');
    return { annotation: await this.changes.get(id, annotated), action };
  }

  private async send(
    { name, path, above, timezone, annotated, canAnnotate }: AnnotatedThing,
    request: PageRequest,
    response: Response,
    form: Form,
    chosen: Chosen,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const { items, total } = await this.annotations.listNewestOf(annotated, MAX_LISTED);
    const time = (date: Date): string => timeInWords(formatInstant(date.getTime(), timezone));
    const wasDone = (what: string): boolean => request.query[what] !== undefined && status === 200;
    const content = {
      title: `Annotations of ${name}`,
      above: [...above, { path, name }],
      path: `${path}/annotations`,
      ...{ form, problem, reasons, timezone, can_annotate: canAnnotate },
      done: wasDone('saved') ? 'saved' : wasDone('deleted') ? 'deleted' : undefined,
      chosen: chosen && { id: chosen.annotation.id, action: chosen.action },
      types: ANNOTATION_TYPES.map((type) => [type, type]),
      more: total > MAX_LISTED,
      annotations: items.map(({ id, start, end, type, content, source }) => ({
        ...{ id, start: time(start), end: time(end), type, content, source: source.name },
      })),
    };
    await this.pages.send(request, response.set(headers), 'annotations.html', content, { status });
  }
}

/** An annotation as the fields of a form. */
const formOf = ({ start, end, type, content }: Annotation, timezone: string): Form => ({
  start: localOf(start.getTime(), timezone),
  end: localOf(end.getTime(), timezone),
  ...{ type, content },
});
