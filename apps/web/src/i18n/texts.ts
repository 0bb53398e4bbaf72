import { createContext, use } from 'react';

/** English is complete; a further language is a further key of every catalogue, and the compiler names what it lacks. */
type Language = 'en';

const LanguageContext = createContext<Language>('en');

/** The texts of one part of the application; they travel with its code, so that nobody loads those of pages they do not open. */
export type Catalogue<T> = Readonly<Record<Language, T>>;

export function useTexts<T>(catalogue: Catalogue<T>): T {
  return catalogue[use(LanguageContext)];
}

const rules = new Intl.PluralRules('en');

/** `plural(2, 'question', 'questions')`: "2 questions". */
export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${rules.select(count) === 'one' ? one : many}`;
}
