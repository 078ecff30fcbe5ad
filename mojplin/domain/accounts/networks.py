"""What counts as one network: where an address's counters are kept."""

import ipaddress


def network(ip: str | None) -> str:
    """Return what one visitor's counters are kept for: an IPv4 address, or the /64 of an IPv6 one."""
    if ip and ":" in ip:
        return str(ipaddress.ip_network(f"{ip}/64", strict=False))
    return ip or ""
