import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { useTexts } from '../i18n/texts.ts';
import { reviewTexts } from './texts.ts';

interface ObjectsProps {
  readonly examSessionId: string;
  readonly position: number;
}

const objectsQuery = ({ examSessionId, position }: ObjectsProps) =>
  queryOptions({
    queryKey: ['sessions', examSessionId, 'objects', position],
    queryFn: ({ signal }) => {
      const params = { path: { id: examSessionId, position } };
      return answer(api.GET('/api/v1/sessions/{id}/questions/{position}/objects', { params, signal }));
    },
    staleTime: Infinity,
  });

/** What was in the namespace of a task when it was graded. */
export function Objects(props: ObjectsProps) {
  const { objects: texts } = useTexts(reviewTexts);
  const explain = useExplain();
  const { data, error } = useQuery(objectsQuery(props));
  if (error !== null && data === undefined) return <p role="alert">{explain(error)}</p>;
  if (data === undefined) return <p className="muted">{texts.loading}</p>;
  return (
    <>
      <p className="muted small">
        {texts.text(data.namespace)} {data.cut && texts.cut}
      </p>
      <pre tabIndex={0}>{data.objects}</pre>
    </>
  );
}
