import type { Request } from 'express';
import { DomainError } from '#lib/errors';
import { readTyped, reasonAtField, type FlexGroup } from '#lib/scheduling/model/flex';
import { fieldsOfGroup, formName, type Flexibility } from '../flexibility/flexibility-form';
import { rowOf, type FlexRow } from '../flexibility/flexibility-rows';
import { fieldOf } from '../sessions/page-request';

/** What rows of times are about: a device, or the site. */
export interface TimedSubject {
  title: string;
  group: FlexGroup;
  fields: readonly string[];
  /** The asset of the device; undefined if the form has one device only, or for the site. */
  assetId?: number;
}

/** What was typed about a subject. */
export interface TimedValues {
  subject: TimedSubject;
  /** Rows of times as the API takes them, by field. */
  values: Record<string, unknown>;
}

/** Fields of states of charge and powers that may hold for certain times of one schedule. */
export const STORAGE_FIELDS = ['soc-targets', 'soc-minima', 'soc-maxima'] as const;
export const POWER_FIELDS = ['consumption-capacity', 'production-capacity'] as const;

/** Limits of the site for certain times. */
export const SITE_SUBJECT: TimedSubject = {
  title: 'The site',
  group: 'flex-context',
  fields: ['site-consumption-capacity', 'site-production-capacity'],
};

/** Name of the input of a field. */
export const timedName = ({ group, assetId }: TimedSubject, field: string): string =>
  assetId === undefined ? formName(group, field) : `${formName(group, field)}.${assetId}`;

export const timedNames = (subjects: readonly TimedSubject[]): string[] =>
  subjects.flatMap((subject) => subject.fields.map((field) => timedName(subject, field)));

/** What a page shows of a subject: a row per field. */
export interface TimedSection {
  title: string;
  group: FlexGroup;
  is_open: boolean;
  rows: (FlexRow & { text: string })[];
}

/** The rows of times of a form, as they were typed. @param reasons by name of the input */
export const timedSections = (
  request: Request,
  subjects: readonly TimedSubject[],
  reasons: Readonly<Record<string, string>>,
): TimedSection[] =>
  subjects.map((subject) => {
    const { title, group, fields } = subject;
    const known = new Map(fieldsOfGroup(group));
    const rows = fields.map((field) => {
      const name = timedName(subject, field);
      const typed = { kind: 'series' as const, text: fieldOf(request, name).trim() };
      const shown = { 'flex-model': {}, 'flex-context': {}, [group]: { [field]: typed } };
      return { ...rowOf(group, field, known.get(field)!, shown, undefined), name, chosen: '' };
    });
    return { title, group, rows, is_open: rows.some(({ name, text }) => text !== '' || name in reasons) };
  });

/**
 * Reads the rows of times of a form; empty ones are left out.
 * @param zone of the times
 * @returns also reasons by name of the input, of rows that cannot be read
 */
export function readTimed(request: Request, subjects: readonly TimedSubject[], zone: string) {
  const reasons: Record<string, string> = {};
  const read = subjects.map((subject): TimedValues => {
    const known = new Map(fieldsOfGroup(subject.group));
    const values: Record<string, unknown> = {};
    for (const field of subject.fields) {
      const name = timedName(subject, field);
      const text = fieldOf(request, name);
      if (text.trim() === '') continue;
      try {
        values[field] = readTyped(field, known.get(field)!, { kind: 'series', text }, zone);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        reasons[name] = reasonAtField(error);
      }
    }
    return { subject, values };
  });
  return { read, reasons };
}

/** What was typed about a subject, as flexibility. */
export const flexibilityOf = ({ subject, values }: TimedValues): Flexibility => ({
  'flex-model': {},
  'flex-context': {},
  [subject.group]: values,
});
