import { useEffect, useState } from 'react';

const openKey = 'machine-panel';
/** From here on it stands beside the messages; below, it would lie over them. */
const wide = '(width >= 1280px)';

/** Whether the panel of this machine is open: where there is room it is, unless this browser has closed it; elsewhere it opens on demand. */
export const useMachinePanel = (): readonly [isOpen: boolean, setOpen: (isOpen: boolean) => void] => {
  const [isOpen, setOpen] = useState(() => matchMedia(wide).matches && localStorage.getItem(openKey) !== 'closed');
  useEffect(() => {
    const media = matchMedia(wide);
    const changed = (): void => setOpen(media.matches && localStorage.getItem(openKey) !== 'closed');
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  const choose = (next: boolean): void => {
    if (matchMedia(wide).matches) localStorage.setItem(openKey, next ? 'open' : 'closed');
    setOpen(next);
  };
  return [isOpen, choose];
};
