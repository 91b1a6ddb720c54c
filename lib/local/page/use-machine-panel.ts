import { useState } from 'react';

const openKey = 'machine-panel';

/** Whether the panel of this machine is open: where there is room it is, unless it was closed; where it would lie over the messages it opens on demand. */
export const useMachinePanel = (): readonly [isOpen: boolean, setOpen: (isOpen: boolean) => void] => {
  const [isOpen, setOpen] = useState(() => matchMedia('(width >= 1280px)').matches && localStorage.getItem(openKey) !== 'closed');
  return [
    isOpen,
    (next) => {
      localStorage.setItem(openKey, next ? 'open' : 'closed');
      setOpen(next);
    },
  ];
};
