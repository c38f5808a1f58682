// Uses a figure from a host's script: waits for it, listens to it, plays it, and decodes with its model.
const figure = document.querySelector('latent-lab');
const said = document.querySelector('#said');
let isPlaying = false;

await figure.whenReady();
said.textContent = `Ready: ${figure.figure} with the model ${figure.model}.`;
figure.addEventListener('change', ({ detail }) => {
  said.textContent = `The reader has changed ${Object.keys(detail).join(' and ')}.`;
});

document.querySelector('#turn').addEventListener('click', () => {
  isPlaying = !isPlaying;
  if (isPlaying) figure.play();
  else figure.pause();
});

document.querySelector('#draw').addEventListener('click', async () => {
  const [picture] = await figure.decode(new Float32Array(16));
  document.querySelector('#drawn').getContext('2d').putImageData(picture, 0, 0);
});
