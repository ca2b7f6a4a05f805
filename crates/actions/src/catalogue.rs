//! The actions without a world: for lists, help, lint and schemas, which need neither a token nor a network.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Registry, registry};
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use hcops_heroku::{Clients, HostVariables, Origins};
use hcops_model::{Clock, Fault, Moment, Secret};

/// Every action, over clients that refuse to send anything.
///
/// # Errors
/// When Heroku's usual addresses could not be read, which would be a defect.
pub fn catalogue() -> Result<Registry, Fault> {
    let origins = Origins::from_variables(&HostVariables::default())?;
    let clock: Arc<dyn Clock> = Arc::new(Stopped);
    let clients = Clients::new(Arc::new(Nowhere), origins, Secret::new(""), Arc::clone(&clock));
    Ok(registry(clients, clock))
}

struct Nowhere;

#[async_trait]
impl Wire for Nowhere {
    async fn send(&self, _request: WireRequest) -> Result<WireResponse, WireFault> {
        Err(WireFault::NotSent("the catalogue of actions sends nothing".to_owned()))
    }
}

struct Stopped;

#[async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn moment(&self) -> Moment {
        Moment::of(self.now())
    }

    async fn sleep(&self, _duration: Duration) {}
}
