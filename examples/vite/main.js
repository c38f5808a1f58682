import 'latent-lab';
