import { useEffect, useState } from 'react';

/** The token of a mail's link, from behind the `#`, where no server and no referrer sees it. Taken out of the address at once. */
export function useMailToken(): string | null {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token'));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  return token;
}
