import type { PackProblem } from './pack.ts';

/** Collects the faults of one pack while it is read, in the order found. */
export class Problems {
  readonly found: PackProblem[] = [];

  /** Keeps the pack out of the catalogue. */
  error(place: string, message: string): void {
    this.found.push({ level: 'error', place, message });
  }

  /** The pack is used; what is affected says so by itself. */
  warning(place: string, message: string): void {
    this.found.push({ level: 'warning', place, message });
  }

  get fatal(): boolean {
    return this.found.some((problem) => problem.level === 'error');
  }
}
