//! The devices that burn computes on.

use ::burn::tensor::Device;

#[cfg(any(feature = "gpu", feature = "webgpu"))]
use crate::error::{Error, ErrorKind, Result};

/// A device, chosen by name: never `Device::default()`, which depends on the enabled features.
#[derive(Clone, Debug)]
pub struct BurnDevice(Device);

impl BurnDevice {
    /// burn-flex: the CPU, in plain Rust with SIMD.
    #[cfg(feature = "burn")]
    pub fn flex() -> Self {
        Self(Device::flex())
    }

    /// burn-ndarray: the CPU, about a hundred times slower, and deprecated by burn: a third implementation to compare with.
    #[cfg(feature = "burn-ndarray")]
    #[allow(deprecated)] // see the feature in Cargo.toml
    pub fn ndarray() -> Self {
        Self(Device::new(burn_ndarray::NdArrayDevice::Cpu))
    }

    /// burn-wgpu: WebGPU in a browser, Vulkan or Metal elsewhere. The first call opens the device, later ones share it.
    ///
    /// # Errors
    /// `Engine` when there is no adapter, or the adapter gives no device.
    #[cfg(any(feature = "gpu", feature = "webgpu"))]
    pub async fn gpu() -> Result<Self> {
        use std::sync::OnceLock;

        use burn_wgpu::WgpuBackend;

        static OPEN: OnceLock<Device> = OnceLock::new();
        if let Some(device) = OPEN.get() {
            return Ok(Self(device.clone()));
        }
        // Not `Auto`: without a GPU, it picks OpenGL in software, which is slower than our own engine.
        let api = if cfg!(target_arch = "wasm32") {
            WgpuBackend::WebGpu
        } else if cfg!(target_vendor = "apple") {
            WgpuBackend::Metal
        } else {
            WgpuBackend::Vulkan
        };
        let opened = Device::wgpu_options().graphics_api(api).init_async().await;
        let device =
            opened.map_err(|why| Error::new(ErrorKind::Engine, format!("no GPU can be used: {why}")))?;
        Ok(Self(OPEN.get_or_init(|| device).clone()))
    }

    pub(super) fn device(&self) -> Device {
        self.0.clone()
    }
}
