// Keeps frames as high as their figures.
addEventListener('message', ({ data, source }) => {
  if (data?.type !== 'latent-lab:height' || !(data.height > 0)) return;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow === source) frame.style.height = `${Math.ceil(data.height)}px`;
  }
});
