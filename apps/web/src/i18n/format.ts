/** Times in the reader's zone, and lengths of time. */
import { plural } from './texts.ts';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** "21 Nov 2026, 14:05" */
export const formatMoment = (iso: string): string => moment.format(new Date(iso));

/** "14:05" */
export const formatTimeOfDay = (at: string | number): string => timeOfDay.format(new Date(at));

/** "1:04:09", "4:09": whole seconds, cut off, never below zero. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** "2 h", "1 h 30 min", "45 min" */
export function formatMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** "0.4 s", "12 s" */
export function formatSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** "21 Nov" */
export const formatDay = (iso: string): string => day.format(new Date(iso));

const DAY_MS = 86_400_000;

/** "3 days 4:05:12", "4:05:12": what is left of a pass. */
export function formatSpan(milliseconds: number): string {
  const days = Math.floor(Math.max(0, milliseconds) / DAY_MS);
  const rest = formatClock(milliseconds - days * DAY_MS);
  if (days === 0) return rest;
  // Of a day, minutes alone would be read as hours.
  return `${plural(days, 'day', 'days')} ${milliseconds % DAY_MS < 3_600_000 ? `0:${rest.padStart(5, '0')}` : rest}`;
}
