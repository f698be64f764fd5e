"""An invented programme, loaded through the services, never by raw inserts."""
