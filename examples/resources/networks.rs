use dockline::Context;
use dockline::model::NetworkCreateRequest;

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let networks = docker.networks();

    let body = NetworkCreateRequest {
        name: "dockline-backend".into(),
        driver: "bridge".into(),
        internal: true,
        ..Default::default()
    };
    let id = networks.create(&body)?.id;
    let network = networks.inspect(&id, &Default::default())?;
    for pool in &network.ipam.config {
        println!("{}: subnet {}, gateway {}", network.name, pool.subnet, pool.gateway);
    }
    for (id, container) in &network.containers {
        println!("{id:.12}  {}  {}", container.name, container.ipv4_address);
    }
    networks.delete(&id)
}
